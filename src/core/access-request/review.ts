/**
 * @module A review: one person's word on items of a request, and what it makes of them. A word is final. The times are
 * those of the whole request: who may review all of it may shorten the access and move its start later, each further than
 * those before, so that access never lasts longer than anybody said who approved it.
 */
import { formatDuration, formatInstant, type DurationMs, type Instant } from '../time.js'
import { foldName } from '../user/user.js'
import {
  requestLimits,
  requestTimes,
  type AccessRequest,
  type Annotations,
  type ItemId,
  type RequestItem,
  type RequestReview,
} from './access-request.js'
import { rolesOfRequest } from './may-request.js'
import { reviewJudge } from './reviewers.js'
import { refuseShortening } from './session-notes.js'
import { digestRoles, takeSnapshot } from './snapshot.js'
import { tallyOf } from './tally.js'
import { made, refuse, resolve, withEntry, type Step } from './transition.js'
import type { Reviewer, RequestWorld } from './world.js'

export interface ReviewDraft {
  readonly approve: readonly ItemId[]
  readonly deny: readonly ItemId[]
  readonly reason: string
  readonly annotations: Annotations
  readonly startAt?: Instant
  readonly durationMs?: DurationMs
}

/**
 * Adds the review of somebody who may give it. The answer is a new request: items, and with the last of them the request,
 * are decided where thresholds are met. It has no access yet: `passTime` begins it where its start has come.
 */
export function review(
  request: AccessRequest,
  reviewer: Reviewer,
  draft: ReviewDraft,
  at: Instant,
  world: RequestWorld,
): Step {
  if (request.state !== 'pending') return refuse('conflict', `The request is ${request.state} already.`)
  if (at >= request.pendingUntil) return refuse('conflict', 'The time to decide on the request is over.')
  const problem = judgeDraft(request, draft) ?? judgeTimes(request, draft, at)
  if (problem !== undefined) return refuse('invalid', problem)
  const barred = judgeAuthor(request, reviewer, draft, world)
  if (barred !== undefined) return barred
  const tooShort = judgeSessions(request, draft, world)
  if (tooShort !== undefined) return refuse('invalid', tooShort)
  const added = addReview(request, reviewer, draft, at)
  const decided = decideItems(added, world)
  if ('says' in decided) return refuse('conflict', decided.says)
  return made(resolve(added, decided.items, { by: reviewer.name, at, reason: draft.reason }))
}

/** Whether a review changed anything but the list of reviews: an item that was decided, or a time. */
export function isEffectual(before: AccessRequest, after: AccessRequest): boolean {
  return (
    before.startAt !== after.startAt ||
    before.durationMs !== after.durationMs ||
    before.items.some(({ state }, place) => state !== after.items[place]?.state)
  )
}

/** Items that this person may still decide. */
export function itemsToReview(
  request: AccessRequest,
  reviewer: Reviewer,
  world: Pick<RequestWorld, 'inventory'>,
): RequestItem[] {
  if (request.state !== 'pending') return []
  const judge = reviewJudge(reviewer, request, world)
  const said = saidBy(request, reviewer.name)
  return request.items.filter((item) => item.state === 'pending' && !said.has(item.id) && judge(item).may)
}

/** Adds the review as it is, with who gave it and the times that it sets. */
export function addReview(
  request: AccessRequest,
  reviewer: Reviewer,
  { approve, deny, reason, annotations, startAt, durationMs }: ReviewDraft,
  at: Instant,
): AccessRequest {
  const given: RequestReview = {
    author: reviewer.name,
    at,
    approve: [...new Set(approve)],
    deny: [...new Set(deny)],
    reason,
    annotations,
    authorRoles: reviewer.roleNames,
    authorTraits: reviewer.traits,
    ...(startAt === undefined ? {} : { startAt }),
    ...(durationMs === undefined ? {} : { durationMs }),
  }
  const says = [
    approve.length === 0 ? '' : `approves ${approve.length}`,
    deny.length === 0 ? '' : `denies ${deny.length}`,
    startAt === undefined ? '' : `from ${formatInstant(startAt)}`,
    durationMs === undefined ? '' : `for ${formatDuration(durationMs)}`,
  ].filter((part) => part !== '')
  return withEntry(
    {
      ...request,
      startAt: startAt ?? request.startAt,
      durationMs: durationMs ?? request.durationMs,
      reviews: [...request.reviews, given],
    },
    { at, by: reviewer.name, what: 'reviewed', says: says.join(', ') },
  )
}

/** Pending items as reviews decide them now; with what each role gave where it was approved. */
export function decideItems(
  request: AccessRequest,
  world: RequestWorld,
): { readonly items: readonly RequestItem[] } | { readonly says: string } {
  const tally = tallyOf(request, rolesOfRequest(request.items, world))
  const items: RequestItem[] = []
  let pairs = 0
  for (const item of request.items) {
    const { state } = item.state === 'pending' ? tally(item) : item
    const isNew = state !== item.state
    let gave = item.gave
    if (isNew && state === 'approved' && item.asked.kind === 'app') {
      const digest = digestRoles(item.terms.roles, world)
      if (digest === undefined) return { says: `A role that opens ${item.asked.name} is not there any more.` }
      gave = { pairs: [], digest }
    }
    if (isNew && state === 'approved' && item.asked.kind === 'role') {
      const snapshot = takeSnapshot(item.asked.name, world)
      if (snapshot === undefined) return { says: `The role ${item.asked.name} is not there to be approved.` }
      if (snapshot === 'too_many') return { says: tooManyPairs }
      gave = snapshot
    }
    items.push(isNew ? { ...item, state, ...(gave === undefined ? {} : { gave }) } : item)
    if (state === 'approved') pairs += item.asked.kind === 'assignment' ? 1 : (gave?.pairs.length ?? 0)
  }
  return pairs > requestLimits.pairs ? { says: tooManyPairs } : { items }
}

export const tooManyPairs = `A request gives at most ${requestLimits.pairs.toLocaleString('en')} account assignments; its roles give more.`

/** Items on which this author has spoken. */
export function saidBy({ reviews }: Pick<AccessRequest, 'reviews'>, author: string): Set<ItemId> {
  const own = foldName(author)
  return new Set(
    reviews
      .filter((one) => foldName(one.author) === own)
      .flatMap(({ approve, deny }) => [...approve, ...deny]),
  )
}

function judgeDraft(
  request: AccessRequest,
  { approve, deny, reason, annotations }: ReviewDraft,
): string | undefined {
  const ids = new Set(request.items.map(({ id }) => id))
  const unknown = [...approve, ...deny].find((id) => !ids.has(id))
  if (unknown !== undefined) return `The request has no item ${unknown.slice(0, 400)}.`
  if (approve.length + deny.length === 0) return 'A review decides on one item at least.'
  const both = approve.find((id) => deny.includes(id))
  if (both !== undefined) return `${both} is both approved and denied.`
  if (reason.length > requestLimits.reason)
    return `The reason is longer than ${requestLimits.reason} characters.`
  const values = Object.values(annotations)
  if (
    values.length > requestLimits.annotations ||
    values.some((one) => one.length > requestLimits.annotationValues)
  ) {
    return 'These are too many annotations.'
  }
  return undefined
}

function judgeTimes(
  { asked, extends: extended, createdAt, startAt: from, durationMs: length }: AccessRequest,
  { approve, startAt, durationMs }: ReviewDraft,
  at: Instant,
): string | undefined {
  if (startAt === undefined && durationMs === undefined) return undefined
  if (approve.length === 0) return 'Who approves nothing sets no times.'
  if (durationMs !== undefined && !(durationMs >= requestTimes.shortest)) {
    return `Access lasts ${formatDuration(requestTimes.shortest)} at least.`
  }
  if (durationMs !== undefined && durationMs > asked.durationMs) {
    return `${formatDuration(asked.durationMs)} was asked for; a review may shorten that, not lengthen it.`
  }
  if (durationMs !== undefined && durationMs > length) {
    return `An earlier review set ${formatDuration(length)}; a later one may shorten that, not lengthen it.`
  }
  if (startAt === undefined) return undefined
  if (extended !== undefined) return 'An extension goes on without a gap; its start cannot be moved.'
  if (!(startAt >= Math.max(asked.startAt ?? createdAt, createdAt))) {
    return 'A review may move the start later, not before what was asked for.'
  }
  if (from !== undefined && startAt < from) {
    return `An earlier review set the start to ${formatInstant(from)}; a later one may move it later, not earlier.`
  }
  if (startAt > at + requestTimes.startAhead) {
    return `Access begins at most ${formatDuration(requestTimes.startAhead)} from now.`
  }
  return undefined
}

/** A review makes no request shorter than one may be asked for. */
function judgeSessions(
  { items, durationMs: length }: AccessRequest,
  { deny, durationMs }: ReviewDraft,
  world: Pick<RequestWorld, 'inventory' | 'preference'>,
): string | undefined {
  if (durationMs === undefined || durationMs >= length) return undefined
  const left = items.filter(({ id, state }) => state !== 'denied' && !deny.includes(id))
  const { shorterThanAwsSession = 'allow' } = world.preference.accessRequests ?? {}
  return refuseShortening(left, durationMs, { shorterThanAwsSession }, world)
}

function judgeAuthor(
  request: AccessRequest,
  reviewer: Reviewer,
  draft: ReviewDraft,
  world: RequestWorld,
): Step | undefined {
  const judge = reviewJudge(reviewer, request, world, draft)
  const said = saidBy(request, reviewer.name)
  for (const item of request.items) {
    if (!draft.approve.includes(item.id) && !draft.deny.includes(item.id)) continue
    const { may, says } = judge(item)
    if (!may) return refuse('forbidden', `${item.id}: ${says}`)
    if (said.has(item.id)) return refuse('conflict', `${item.id}: you have decided on it already.`)
    if (item.state !== 'pending') return refuse('conflict', `${item.id} is ${item.state} already.`)
  }
  if (draft.startAt === undefined && draft.durationMs === undefined) return undefined
  const other = request.items.find((item) => item.state !== 'denied' && !judge(item).may)
  return other && refuse('forbidden', `${timesOfAll} You may not review ${other.id}.`)
}

const timesOfAll =
  'How long and from when is said for the whole request, by those who may review all of it; leave it out.'
