/** @module How the review of an access list stands, as cards and pages tell it. */
import type { reviewSummary } from '../../api/contract/access-lists.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import type { Moment } from '../../core/access-list/flatten.js'
import {
  countsAsFilled,
  overdueEffect,
  overduePolicy,
  reviewState,
  stepOf,
  type ReviewFacts,
} from '../../core/access-list/review-schedule.js'
import { formatInstant, type Instant } from '../../core/time.js'
import type { AccessListMemberStore } from '../../store/store.js'
import type { z } from 'zod'
import type { CatalogView } from '../resources/catalog-view.js'

export type ReviewSummary = z.infer<typeof reviewSummary>

export const noReview: ReviewSummary = { state: 'none', inForce: 'nothing', decided: 0, toDecide: 0 }

/** The schedule of a list with what holds for all of them. */
export function reviewFactsOf(
  { review }: Pick<AccessList, 'review'>,
  catalog: CatalogView,
  hasMembers: boolean,
): ReviewFacts {
  return { review, preference: catalog.preference().accessListReviews, hasMembers }
}

/** Now, with what holds for all lists, as they are flattened. */
export function momentOf(catalog: Pick<CatalogView, 'preference'>, now: Instant): Moment {
  return { now, whenOverdue: catalog.preference().accessListReviews }
}

export type Scheduled = Pick<AccessList, 'name' | 'review'>

/**
 * Names of those of these lists that are to be reviewed as lists with members are; `preference` holds for all. Whoever
 * knows which of them have members says so in `counted`.
 */
export async function findFilled(
  members: Pick<AccessListMemberStore, 'countOf' | 'lastLeft'>,
  lists: readonly Scheduled[],
  preference: ReviewFacts['preference'],
  now: Instant,
  counted?: ReadonlyMap<string, unknown>,
): Promise<ReadonlySet<string>> {
  const names = lists.map(({ name }) => name)
  const counts = counted ?? (await members.countOf(names, now))
  const emptied = lists.filter(
    ({ name, review }) => !counts.has(name) && overduePolicy({ review, preference }).then !== 'remind',
  )
  const left =
    emptied.length === 0
      ? new Map<string, Instant>()
      : await members.lastLeft(
          emptied.map(({ name }) => name),
          now,
        )
  return new Set(
    lists.flatMap(({ name, review }) => {
      const facts = { hasMembers: counts.has(name), lastLeftAt: left.get(name) }
      return countsAsFilled({ review, preference }, facts) ? [name] : []
    }),
  )
}

/**
 * `members` are the direct ones whose membership has not ended, `decided` those of them who are decided on; whether it
 * `isFilled` says {@link findFilled}.
 */
export function summariseReview(
  list: Pick<AccessList, 'review'>,
  catalog: CatalogView,
  {
    members,
    decided,
    isFilled,
  }: { readonly members: number; readonly decided: number; readonly isFilled: boolean },
  now: Instant,
): ReviewSummary {
  const facts = reviewFactsOf(list, catalog, isFilled)
  const state = reviewState(facts, now)
  if (facts.review === undefined || state === 'none') return noReview
  const step = stepOf(facts)
  return {
    state,
    dueAt: formatInstant(facts.review.dueAt),
    inForce: overdueEffect(facts, now),
    ...(step !== undefined && now < step.at && { nextStep: sayStep(step) }),
    decided,
    toDecide: members,
  }
}

function sayStep({ at, effect }: NonNullable<ReturnType<typeof stepOf>>): string {
  const day = formatInstant(at).slice(0, 10)
  return effect === 'frozen'
    ? `If nobody reviews it, nobody can be added from ${day} on.`
    : `If nobody reviews it, members and owners hold nothing by it from ${day} on.`
}
