/**
 * @module What a finished review writes into the document of its list: the next date, and, where whoever reviewed it
 * says so, how often it is reviewed and what it asks of members. Lists that nobody is asked to review have no date.
 */
import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { requirements, submitReviewRequest } from '../../../api/contract/access-lists.js'
import type { AccessList } from '../../../core/access-list/access-list.js'
import {
  dueAfterReview,
  overdueEffect,
  type OverdueEffect,
  type ReviewSchedule,
} from '../../../core/access-list/review-schedule.js'
import type { FlatList } from '../../../core/access-list/flatten.js'
import { formatInstant, type Instant } from '../../../core/time.js'
import type { StoreTransaction } from '../../../store/store.js'
import type { Authority } from '../../authority.js'
import type { RequestOrigin } from '../../context.js'
import type { ApplyDeps } from '../../resources/apply.js'
import type { CatalogView } from '../../resources/catalog-view.js'
import { isMap } from '../../resources/present.js'
import { invalidInput } from '../edit-members.js'
import { shownHoldings } from '../get-list.js'
import { assertChangedBy, memberSourceOf } from '../managed.js'
import { flattenList } from '../people-of.js'
import { withRequirements } from '../put-requirements.js'
import { findFilled, reviewFactsOf } from '../review-summary.js'
import { writeListAs, type ListSpec } from '../write-list.js'
import type { Review } from './reviewed.js'

type Input = Pick<
  z.infer<typeof submitReviewRequest>,
  'membershipRequires' | 'everyMonths' | 'dayOfMonth' | 'dryRun'
>

/** What was changed; undefined what stays. */
export interface Moved {
  readonly nextDueAt: Instant | undefined
  readonly everyMonths: ReviewSchedule['everyMonths'] | undefined
  readonly dayOfMonth: ReviewSchedule['dayOfMonth'] | undefined
  readonly requirements: z.infer<typeof requirements> | undefined
  /** What was in force since the list was overdue, and ends. */
  readonly lifted: OverdueEffect
  /** As sentences. */
  readonly changes: readonly string[]
}

/** @throws GatewayError `MANAGED_ELSEWHERE`, `INVALID_INPUT`, `INVALID_RESOURCE`. */
export async function moveReview(
  deps: ApplyDeps,
  tx: StoreTransaction,
  {
    review: { catalog, list, now },
    input,
    authority,
    origin,
  }: {
    readonly review: Review
    readonly input: Input
    readonly authority: Authority
    readonly origin: RequestOrigin | undefined
  },
): Promise<Moved> {
  const requires = changedRequirements(catalog, list, input)
  const recurrence = changedRecurrence(list, input)
  assertMayChange(catalog, list, { requires, recurrence })
  const schedule = list.review && { ...list.review, ...pick(recurrence) }
  const nextDueAt = list.review && dueAfterReview(list.review, now, schedule)
  const change = (spec: ListSpec): ListSpec => {
    const asked = requires === undefined ? spec : withRequirements(spec, requires)
    return nextDueAt === undefined ? asked : withSchedule(asked, nextDueAt, recurrence)
  }
  if (requires !== undefined || nextDueAt !== undefined) {
    const { dryRun } = input
    await writeListAs(deps, tx, { catalog, name: list.name, change, dryRun }, authority, origin)
  }
  const filled = await findFilled(tx.members, [list], catalog.preference().accessListReviews, now)
  const lifted = overdueEffect(reviewFactsOf(list, catalog, filled.has(list.name)), now)
  const changes = [
    ...(requires === undefined ? [] : [sayRequirements(requires)]),
    ...(schedule === undefined || Object.keys(pick(recurrence)).length === 0
      ? []
      : [sayRecurrence(schedule)]),
    ...sayLifted(lifted),
    ...(lifted === 'frozen'
      ? sayLetIn(await flattenList(tx.members, catalog, list.name, now), list.name)
      : []),
  ]
  return { nextDueAt, ...recurrence, requirements: requires, lifted, changes }
}

type Recurrence = Pick<Moved, 'everyMonths' | 'dayOfMonth'>

function changedRecurrence({ review }: AccessList, { everyMonths, dayOfMonth }: Input): Recurrence {
  return {
    everyMonths: everyMonths === review?.everyMonths ? undefined : everyMonths,
    dayOfMonth: dayOfMonth === review?.dayOfMonth ? undefined : dayOfMonth,
  }
}

function pick({ everyMonths, dayOfMonth }: Recurrence): Partial<Pick<ReviewSchedule, keyof Recurrence>> {
  return {
    ...(everyMonths !== undefined && { everyMonths }),
    ...(dayOfMonth !== undefined && { dayOfMonth }),
  }
}

/** Compared by the names that people know, as they are written. */
function changedRequirements(
  catalog: CatalogView,
  list: AccessList,
  { membershipRequires: wanted }: Input,
): z.infer<typeof requirements> | undefined {
  if (wanted === undefined) return undefined
  return isDeepStrictEqual(wanted, shownHoldings(catalog, list.membershipRequires)) ? undefined : wanted
}

/** The schedule of a list that a directory pushes is the gateway's own; everything of one in code is code. */
function assertMayChange(
  catalog: CatalogView,
  list: AccessList,
  { requires, recurrence }: { readonly requires: unknown; readonly recurrence: Recurrence },
): void {
  const isSchedule = Object.keys(pick(recurrence)).length > 0
  if (requires !== undefined || (isSchedule && memberSourceOf(list) === 'documents'))
    assertChangedBy('people', catalog, list)
  if (isSchedule && list.review === undefined) {
    throw invalidInput('everyMonths', 'nobody is asked to review this list; write spec.audit in its document')
  }
}

function withSchedule(spec: ListSpec, nextDueAt: Instant, { everyMonths, dayOfMonth }: Recurrence): ListSpec {
  const audit = isMap(spec['audit']) ? spec['audit'] : {}
  const recurrence = {
    ...(isMap(audit['recurrence']) ? audit['recurrence'] : {}),
    ...(everyMonths !== undefined && { frequency: everyMonths }),
    ...(dayOfMonth !== undefined && { day_of_month: dayOfMonth }),
  }
  return {
    ...spec,
    audit: {
      ...audit,
      next_audit_date: formatInstant(nextDueAt),
      ...(Object.keys(recurrence).length > 0 && { recurrence }),
    },
  }
}

function sayRequirements({ roles, traits }: z.infer<typeof requirements>): string {
  const asked = [
    ...roles.map((role) => `the role ${role}`),
    ...Object.entries(traits).flatMap(([trait, values]) => values.map((value) => `${trait}: ${value}`)),
  ]
  return asked.length === 0 ? 'Members need nothing any more.' : `Members need ${asked.join(', ')}.`
}

function sayRecurrence({ everyMonths, dayOfMonth }: ReviewSchedule): string {
  const often = everyMonths === 1 ? 'every month' : `every ${everyMonths} months`
  return `It is reviewed ${often}, on ${dayOfMonth === 'last' ? 'the last day' : `day ${dayOfMonth}`} of the month.`
}

/** Whom the freeze kept out: they came into lists within this one meanwhile. */
function sayLetIn({ ineligible }: FlatList, list: string): string[] {
  const count = [...ineligible.values()].filter(
    ({ asks, why }) => asks === list && why.kind === 'frozen',
  ).length
  if (count === 0) return []
  const who = count === 1 ? 'One person' : `${count.toLocaleString('en')} people`
  return [
    `${who} who came into lists within it meanwhile ${count === 1 ? 'counts' : 'count'} in it, here and in AWS.`,
  ]
}

/** What was in force since it was overdue. */
function sayLifted(lifted: OverdueEffect): string[] {
  switch (lifted) {
    case 'nothing':
      return []
    case 'frozen':
      return ['Members can be added again.']
    case 'grants_removed':
      return ['Members and owners hold again what the list grants, here and in AWS.']
  }
}
