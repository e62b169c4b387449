/**
 * @module What may become of an access request, step by step. Each step takes the request as it stands and answers a new
 * one or a refusal; what is not a step here never happens. Instants of what time does are those at which it was due,
 * whenever somebody comes to look, so that a stopped gateway changes nothing but the moment of the effect.
 *
 *   pending   -> approved | denied | promoted | expired | cancelled | revoked
 *   approved  -> expired (its end, or given back) | revoked | cancelled (before it begins) | promoted (while it lasts)
 *
 * What a promotion leaves of the request's own access for a while ends like it, and the request stays promoted.
 */
import type { Instant } from '../time.js'
import { foldName } from '../user/user.js'
import type { AccessRequest, RequestItem, RequestState, TimelineEntry } from './access-request.js'
import { nextDueAt } from './due.js'
import { isActive, isLive } from './grants.js'

/** A step that was made, or why it was not. `conflict`: not as the request stands now. */
export type Step =
  | { readonly ok: true; readonly request: AccessRequest }
  | { readonly ok: false; readonly why: 'forbidden' | 'conflict' | 'invalid'; readonly says: string }

export interface StepBy {
  readonly by: string
  readonly at: Instant
  readonly reason: string
}

/** Taken back by the requester: while it waits, or before its access begins. */
export function cancel(request: AccessRequest, step: StepBy): Step {
  if (!isRequester(request, step.by))
    return refuse('forbidden', 'Only the requester cancels a request; others revoke it.')
  if (request.state === 'pending') return made(end(request, 'cancelled', 'cancelled', step))
  if (request.state === 'approved' && request.activatedAt === undefined) {
    const endsAt = Math.min(request.endsAt ?? step.at, step.at)
    return made({ ...end(request, 'cancelled', 'cancelled', step), endsAt })
  }
  return refuse(
    'conflict',
    request.state === 'approved'
      ? 'Its access has begun: give it back instead.'
      : `The request is ${request.state} already.`,
  )
}

/** Given back by the requester before its end. */
export function release(request: AccessRequest, step: StepBy): Step {
  if (!isRequester(request, step.by))
    return refuse('forbidden', 'Only the requester gives access back; others revoke it.')
  if (request.state === 'promoted') {
    return refuse(
      'conflict',
      'The request became a membership; what is left of it goes by itself once the membership is in AWS.',
    )
  }
  if (!isActive(request, step.at)) return refuse('conflict', 'The request gives no access now.')
  return made({ ...end(request, 'expired', 'released', step), endsAt: step.at })
}

/** Ended by somebody else: by an administrator, or a reviewer who may review something of it (who asks has looked). */
export function revoke(request: AccessRequest, step: StepBy): Step {
  // Whether a promotion has left something that the request itself still gives.
  if (request.state === 'promoted' && isLive(request, step.at)) {
    return made({ ...end(request, 'promoted', 'revoked', step), endsAt: step.at })
  }
  if (request.state !== 'pending' && request.state !== 'approved') {
    return refuse('conflict', `The request is ${request.state} already.`)
  }
  const ended = end(request, 'revoked', 'revoked', step)
  if (request.state === 'pending') return made(ended)
  return made({ ...ended, endsAt: Math.min(request.endsAt ?? step.at, step.at) })
}

/** Notes on a request that another one goes on with it. */
export function noteExtended(request: AccessRequest, by: string, at: Instant, says: string): AccessRequest {
  return { ...request, timeline: [...request.timeline, { at, by, what: 'extended', says }] }
}

/**
 * Items that gave way at the activation, with why (T28); see `recheck.ts`. Asked once, when access is about to begin.
 */
export type Recheck = (request: AccessRequest) => ReadonlyMap<string, string>

/** What time has done to the request by `now`; the same value where that is nothing. */
export function passTime(request: AccessRequest, now: Instant, recheck: Recheck): AccessRequest {
  let passed = request
  for (;;) {
    const at = nextDueAt(passed)
    if (at === undefined || at > now) return passed
    if (passed.state === 'pending') passed = endWait(passed, at)
    else if (passed.activatedAt !== undefined) passed = endByTime(passed, at)
    // Nobody came to look before its end: it never began.
    else if (passed.endsAt !== undefined && passed.endsAt <= now) passed = endByTime(passed, passed.endsAt)
    else passed = activate(passed, at, now, recheck(passed))
  }
}

/**
 * Begins the access of an approved request. `at` is when it was due, `now` when it is looked at: items in `fallen` give
 * nothing, and where nothing is left the request is revoked.
 */
export function activate(
  request: AccessRequest,
  at: Instant,
  now: Instant,
  fallen: ReadonlyMap<string, string>,
): AccessRequest {
  if (request.state !== 'approved' || request.activatedAt !== undefined) return request
  const items = request.items.map((item): RequestItem => {
    if (item.state !== 'approved' || !fallen.has(item.id)) return item
    return { ...item, state: 'denied' }
  })
  const lost = request.items.filter((item, place) => items[place] !== item)
  const says = lost
    .map(({ id }) => `${id}: ${fallen.get(id) ?? ''}`)
    .join(' ')
    .slice(0, maxWords)
  if (!items.some(({ state }) => state === 'approved')) {
    const revoked = end({ ...request, items }, 'revoked', 'revoked', { by: 'system', at: now, reason: says })
    return { ...revoked, endsAt: now }
  }
  return withEntry({ ...request, items, activatedAt: at }, { at, by: 'system', what: 'activated', says })
}

/**
 * The request with items decided anew: resolved once none of them is pending. Says by whom, and when its access ends.
 */
export function resolve(
  request: AccessRequest,
  items: readonly RequestItem[],
  { by, at, reason }: StepBy,
): AccessRequest {
  const decided = { ...request, items }
  if (items.some(({ state }) => state === 'pending')) return decided
  const approved = items.filter(({ state }) => state === 'approved').length
  const state = approved > 0 ? 'approved' : 'denied'
  const partly = approved > 0 && approved < items.length ? `${approved} of ${items.length}` : ''
  const says = [partly, reason].filter((part) => part !== '').join(': ')
  const resolved: AccessRequest = { ...decided, state, resolvedAt: at }
  return withEntry(state === 'approved' ? { ...resolved, endsAt: endOfAccess(resolved, at) } : resolved, {
    at,
    by,
    what: state,
    says,
  })
}

/** When access ends that is approved at this instant: an extension counts from where the other one ended. */
export function endOfAccess(
  request: Pick<AccessRequest, 'startAt' | 'durationMs' | 'extends'>,
  approvedAt: Instant,
): Instant {
  return (request.extends?.from ?? Math.max(request.startAt ?? 0, approvedAt)) + request.durationMs
}

/** Whether it is the requester, in any spelling. */
export function isRequester({ user }: Pick<AccessRequest, 'user'>, name: string): boolean {
  return foldName(user) === foldName(name)
}

export function withEntry(request: AccessRequest, entry: TimelineEntry): AccessRequest {
  return { ...request, timeline: [...request.timeline, entry] }
}

export function made(request: AccessRequest): Step {
  return { ok: true, request }
}

export function refuse(why: Extract<Step, { ok: false }>['why'], says: string): Step {
  return { ok: false, why, says }
}

/** Characters of what is said of one step. */
const maxWords = 2000

/** Those who were not decided in time are refused. */
function endWait(request: AccessRequest, at: Instant): AccessRequest {
  const isAny = request.items.some(({ state }) => state === 'approved')
  if (!isAny)
    return end(request, 'expired', 'expired', { by: 'system', at, reason: 'Nobody decided in time.' })
  const items = request.items.map((item): RequestItem => {
    return item.state === 'pending' ? { ...item, state: 'denied' } : item
  })
  return resolve(request, items, {
    by: 'system',
    at,
    reason: 'What was not decided in time is denied.',
  })
}

function endByTime(request: AccessRequest, at: Instant): AccessRequest {
  return withEntry({ ...request, state: 'expired' }, { at, by: 'system', what: 'expired', says: '' })
}

function end(
  request: AccessRequest,
  state: RequestState,
  what: TimelineEntry['what'],
  { by, at, reason }: StepBy,
): AccessRequest {
  const resolvedAt = request.resolvedAt ?? at
  return withEntry({ ...request, state, resolvedAt }, { at, by, what, says: reason })
}
