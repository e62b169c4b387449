/**
 * @module The end of a review: whoever is to go goes, the next date is set, and what was decided is kept, all in one
 * transaction or nothing of it. Of a list whose members are managed elsewhere nobody is taken out here: what was
 * decided is kept, and told to be done there. A dry run does the same and keeps nothing.
 */
import type { z } from 'zod'
import type {
  RemovalEffect,
  SubmitReviewAnswer,
  submitReviewRequest,
} from '../../../api/contract/access-lists.js'
import { memberKey, type MemberKey } from '../../../core/access-list/review.js'
import { GatewayError } from '../../../core/error.js'
import { formatInstant } from '../../../core/time.js'
import type { FinishedDecision, FinishedReview, StoreTransaction } from '../../../store/store.js'
import type { Authority } from '../../authority.js'
import type { RequestOrigin } from '../../context.js'
import type { IdentityCenterDeps } from '../../identity-center/deps.js'
import { record } from '../../people/record.js'
import { inTransaction } from '../../resources/in-transaction.js'
import { mayOnResource } from '../../resources/may.js'
import { confirmListChange } from '../confirm-list-change.js'
import { commitEdit, invalidInput, takeMember } from '../edit-members.js'
import { memberSourceOf, type MemberSource } from '../managed.js'
import { editAs } from '../put-member.js'
import { findRemovalEffect } from '../removal-effect.js'
import { tellingRefusal } from '../refused-change.js'
import { limitPreviews, readableList, rightsOn } from '../rights.js'
import { assertNotFinished } from './finished-meanwhile.js'
import { findDepartures, noDepartures } from './departures.js'
import { moveReview, type Moved } from './move-review.js'
import {
  assertAreMembers,
  assertSame,
  digestOf,
  nameSome,
  openReview,
  type Review,
  type Reviewed,
} from './reviewed.js'
import { readPlans, sayInAws, type ReviewLeave } from './say-in-aws.js'

export type SubmitReviewInput = z.infer<typeof submitReviewRequest>
export type SubmitDeps = Pick<
  IdentityCenterDeps,
  'store' | 'catalog' | 'kinds' | 'clock' | 'random' | 'logger' | 'clusterName' | 'publicUrl' | 'syncs'
>

/** The answer but for the patch, which is a text for the reader's side: from whom, and whom to take out there. */
export interface SubmittedReview {
  readonly answer: Omit<SubmitReviewAnswer, 'patch'>
  readonly removeElsewhere:
    { readonly source: Exclude<MemberSource, 'people'>; readonly members: FinishedMembers } | undefined
}

type FinishedMembers = readonly Reviewed['member'][]

/**
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND` also for somebody to remove who is no member, `REVIEW_FINISHED`, `REVIEW_CHANGED`, `REVIEW_INCOMPLETE`
 * while somebody is not decided on, `MANAGED_ELSEWHERE` for a change of what a list says that is managed as code,
 * `INVALID_INPUT`, `INVALID_RESOURCE`, and as `confirmChange`.
 */
export async function submitReview(
  deps: SubmitDeps,
  name: string,
  input: SubmitReviewInput,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<SubmittedReview> {
  assertNotes(input.notes)
  if (input.dryRun) await limitPreviews(deps, authority)
  await deps.catalog.read()
  const wanted = { list: name, event: 'access_list.review', dryRun: input.dryRun } as const
  return await tellingRefusal(deps, wanted, authority, origin, () =>
    submitAs(deps, { name, input, authority, origin }),
  )
}

async function submitAs(deps: SubmitDeps, submission: Submission): Promise<SubmittedReview> {
  const { name, input, authority } = submission
  // Asked first: plans take a while, and are nobody's business who may not review the list.
  const { viewer } = await inTransaction(deps.store, true, (tx) => openReview(deps, tx, name, authority))
  const plans = await readPlans(deps)
  const { leave, ...submitted } = await inTransaction(deps.store, input.dryRun, (tx) =>
    submitIn(deps, tx, submission),
  )
  const said = await sayInAws(deps, plans, leave, {
    list: (other) => rightsOn(viewer, other).sight !== 'none',
    plugins: mayOnResource(authority, { resource: 'plugin', verb: 'read' }).effect === 'allow',
  })
  return { ...submitted, answer: { ...submitted.answer, ...said } }
}

interface Submission {
  readonly name: string
  readonly input: SubmitReviewInput
  readonly authority: Authority
  readonly origin: RequestOrigin | undefined
}

async function submitIn(
  deps: SubmitDeps,
  tx: StoreTransaction,
  { name, input, authority, origin }: Submission,
): Promise<SubmittedReview & { readonly leave: ReviewLeave }> {
  const review = await openReview(deps, tx, name, authority)
  const { list, now } = review
  await assertNotFinished(tx, list, input.lastFinished)
  assertSame(review, input.digest)
  const { kept, removed } = judge(review, input)
  const leavers = removed.map(({ member }) => member)
  const source = memberSourceOf(list)
  const moved = await moveReview(deps, tx, { review, input, authority, origin })
  const after = readableList(await deps.catalog.readIn(tx), name)
  const change = { catalog: review.catalog, list: name, removed: leavers, after, now }
  const departures =
    leavers.length === 0 && moved.requirements === undefined ? noDepartures : await findDepartures(tx, change)
  let effect: RemovalEffect | undefined
  if (source === 'people' && leavers.length > 0) {
    const edit = await editAs(deps, tx, name, authority)
    for (const member of leavers) takeMember(edit, member)
    if (input.dryRun) effect = await findRemovalEffect(edit)
    await commitEdit(deps, edit, origin)
  }
  // Keeping renews access, lifts what held since the list was overdue, and may ask for less of members.
  if (!input.dryRun) await confirmListChange(deps, { tx, catalog: review.catalog }, authority)
  const finished: FinishedReview = {
    id: deps.random.uuid(),
    list: name,
    reviewedAt: now,
    dueAt: list.review?.dueAt,
    reviewers: reviewersOf(review, authority),
    submittedBy: authority.name,
    notes: input.notes,
    kept: kept.length,
    removed: removed.map(({ member, decided }) => ({
      kind: member.kind,
      name: member.name,
      note: decided?.note ?? '',
    })),
    changes: [...moved.changes, ...sayElsewhere(source, leavers)],
    nextDueAt: moved.nextDueAt,
  }
  await tx.reviews.deleteDecisions(name)
  await tx.reviews.add(finished, [
    ...kept.map((one) => toFinished(one, 'keep', authority)),
    ...removed.map((one) => toFinished(one, 'remove', authority)),
  ])
  const facts = { finished, moved, title: list.title, source }
  await record(
    deps,
    tx,
    { event: 'access_list.review', success: true, user: authority.name, fields: fieldsOf(facts, authority) },
    origin,
  )
  return {
    answer: {
      ...(!input.dryRun && { id: finished.id }),
      digest: digestOf(review.reviewed),
      kept: finished.kept,
      removed: leavers.map(({ kind, name: member }) => ({ kind, name: member })),
      ...(moved.nextDueAt !== undefined && { nextDueAt: formatInstant(moved.nextDueAt) }),
      inAws: [],
      inAwsBeside: [],
      accounts: [],
      changes: [...finished.changes],
      ...(effect !== undefined && { effect }),
      dryRun: input.dryRun,
    },
    removeElsewhere: source === 'people' || leavers.length === 0 ? undefined : { source, members: leavers },
    leave: { removed: leavers, after, departures, endsOverdue: moved.lifted === 'grants_removed' },
  }
}

/** Whoever submits answers for what nobody had decided. */
function toFinished(
  { member: { kind, name }, decided }: Reviewed,
  decision: FinishedDecision['decision'],
  authority: Authority,
): FinishedDecision {
  const made = decided?.decision === decision ? decided : undefined
  return { kind, name, decision, note: made?.note ?? '', by: made?.by ?? authority.name }
}

/** @throws GatewayError `REVIEW_INCOMPLETE`; `NOT_FOUND` for somebody to remove who is no member. */
function judge(
  review: Review,
  { remove, keepRest }: Pick<SubmitReviewInput, 'remove' | 'keepRest'>,
): { readonly kept: readonly Reviewed[]; readonly removed: readonly Reviewed[] } {
  assertAreMembers(review, remove)
  const also = new Set(remove.map(memberKey))
  const isRemoved = ({ member, decided }: Reviewed) =>
    also.has(memberKey(member)) || decided?.decision === 'remove'
  const removed = review.reviewed.filter(isRemoved)
  const kept = review.reviewed.filter((one) => !isRemoved(one))
  const open: MemberKey[] = kept.flatMap(({ member, decided }) => (decided === undefined ? [member] : []))
  if (open.length > 0 && !keepRest) throw incomplete(review.list.name, open)
  return { kept, removed }
}

const maxOpenTold = 200

function incomplete(list: string, open: readonly MemberKey[]): GatewayError {
  const who = `${nameSome(open)} of access list "${list}" ${open.length === 1 ? 'is' : 'are'} not decided on`
  return new GatewayError('REVIEW_INCOMPLETE', `${who}; decide on each, or keep all the rest`, {
    kind: 'access_list',
    name: list,
    count: open.length,
    open: open.slice(0, maxOpenTold).map(({ kind, name }) => ({ kind, name })),
  })
}

function reviewersOf({ reviewed }: Review, { name }: Authority): string[] {
  return [...new Set([...reviewed.flatMap(({ decided }) => decided?.by ?? []), name])].sort()
}

function sayElsewhere(source: MemberSource, leavers: readonly unknown[]): string[] {
  if (leavers.length === 0) return []
  switch (source) {
    case 'people':
      return []
    case 'documents':
      return ['Whoever is to go stays until their documents are removed: the members are managed as code.']
    case 'directory':
      return ['Whoever is to go stays until the directory takes them out: it pushes the list.']
  }
}

/** Names that an event tells; a collector takes no event of any length. */
const maxNamesOfEvent = 200
const maxNotesOfEvent = 1000

function fieldsOf(
  {
    finished,
    moved,
    title,
    source,
  }: {
    readonly finished: FinishedReview
    readonly moved: Moved
    readonly title: string
    readonly source: MemberSource
  },
  { name: by }: Authority,
) {
  const { id, list, dueAt, nextDueAt, reviewers, notes, kept, removed } = finished
  return {
    name: list,
    access_list_name: list,
    access_list_title: title,
    review_id: id,
    updated_by: by,
    reviewers: reviewers.slice(0, maxNamesOfEvent),
    kept_count: kept,
    removed_count: removed.length,
    removed_members: removed.slice(0, maxNamesOfEvent).map((one) => one.name),
    ...(source !== 'people' && removed.length > 0 && { removed_elsewhere: source }),
    ...(notes !== '' && { notes: notes.slice(0, maxNotesOfEvent) }),
    ...(moved.requirements !== undefined && { membership_requirements_changed: moved.requirements }),
    ...(moved.everyMonths !== undefined && { review_frequency_changed: `${moved.everyMonths} months` }),
    ...(moved.dayOfMonth !== undefined && { review_day_of_month_changed: String(moved.dayOfMonth) }),
    ...(dueAt !== undefined && { due_on: formatInstant(dueAt) }),
    ...(nextDueAt !== undefined && { next_due_on: formatInstant(nextDueAt) }),
  }
}

/** Several lines, but nothing that steers a terminal or hides. */
function assertNotes(notes: string): void {
  if (/[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/u.test(notes)) {
    throw invalidInput('notes', 'must not contain control or invisible characters')
  }
}
