/**
 * @module The times of a request that is being made: how long, from when, how long it may wait; for an extension what is
 * left of the longest time (T27). Belongs to `build.ts`; each problem is added to those of the whole request.
 */
import { formatDuration, type DurationMs, type Instant } from '../time.js'
import { requestTimes, type AccessRequest } from './access-request.js'
import type { RequestDraft, RequestPolicy, RequestProblem } from './build.js'
import { isActive } from './grants.js'
import { offerDurations, type CombinedTerms } from './terms.js'
import { isRequester } from './transition.js'
import type { Requester } from './world.js'

/** How a request goes on with another one. */
export type Extension = NonNullable<AccessRequest['extends']>

/** Undefined for a request that stands alone, or cannot go on with the one that it names. */
export function judgeExtension(
  { extends: old }: RequestDraft,
  { user }: Requester,
  now: Instant,
  problems: RequestProblem[],
): Extension | undefined {
  if (old === undefined) return undefined
  if (!isRequester(old, user.name)) {
    problems.push({ field: 'items', says: 'Only the requester extends a request.' })
  }
  const { activatedAt, endsAt } = old
  if (!isActive(old, now) || activatedAt === undefined || endsAt === undefined) {
    problems.push({
      field: 'items',
      says: 'Only a request that gives access now can be extended; ask again.',
    })
    return undefined
  }
  return { request: old.id, firstStartedAt: old.extends?.firstStartedAt ?? activatedAt, from: endsAt }
}

/** What is left of the longest time, counted from the first start. */
export function shortenTerms(terms: CombinedTerms, { firstStartedAt, from }: Extension): CombinedTerms {
  const left = Math.max(0, firstStartedAt + terms.maxDurationMs - from)
  return {
    ...terms,
    maxDurationMs: left,
    defaultDurationMs: Math.min(terms.defaultDurationMs, left),
    durations: offerDurations(left),
  }
}

/** Without durations that a policy would refuse, where longer ones are left. */
export function lengthenTerms(terms: CombinedTerms, shortestMs: DurationMs): CombinedTerms {
  if (shortestMs > terms.maxDurationMs) return terms
  return {
    ...terms,
    defaultDurationMs: Math.max(terms.defaultDurationMs, shortestMs),
    durations: terms.durations.filter((duration) => duration >= shortestMs),
  }
}

/** What is asked for, or the usual. */
export function judgeDuration(
  { durationMs, extends: old }: RequestDraft,
  { maxDurationMs, defaultDurationMs }: CombinedTerms,
  problems: RequestProblem[],
): DurationMs {
  const wanted = durationMs ?? defaultDurationMs
  const { shortest } = requestTimes
  if (maxDurationMs < shortest) {
    const says =
      old === undefined
        ? `Roles allow ${formatDuration(maxDurationMs)} at most, and access lasts ${formatDuration(shortest)} at least.`
        : `Of the longest time ${formatDuration(maxDurationMs)} is left, counted from the first start; ask again later.`
    problems.push({ field: 'duration', says })
  } else if (!(wanted >= shortest)) {
    problems.push({ field: 'duration', says: `Access lasts ${formatDuration(shortest)} at least.` })
  } else if (wanted > maxDurationMs) {
    problems.push({ field: 'duration', says: `At most ${formatDuration(maxDurationMs)} is allowed.` })
  }
  return wanted
}

/** Undefined: at once. */
export function judgeStart(
  { startAt, extends: old }: RequestDraft,
  now: Instant,
  problems: RequestProblem[],
): Instant | undefined {
  if (startAt === undefined || old !== undefined) return undefined
  if (!(startAt <= now + requestTimes.startAhead)) {
    const says = `Access begins at most ${formatDuration(requestTimes.startAhead)} from now.`
    problems.push({ field: 'startAt', says })
  }
  // A start that has passed means at once.
  return startAt <= now ? undefined : startAt
}

/** Until when it may be decided. */
export function judgeWait(
  { pendingForMs }: RequestDraft,
  { pendingTtlMs }: RequestPolicy,
  now: Instant,
  extended: Extension | undefined,
  durationMs: DurationMs,
  problems: RequestProblem[],
): Instant {
  const { shortest, longest } = requestTimes.pending
  if (pendingForMs !== undefined && !(pendingForMs >= shortest && pendingForMs <= longest)) {
    const says = `A request waits from ${formatDuration(shortest)} to ${formatDuration(longest)}.`
    problems.push({ field: 'pendingFor', says })
  }
  const wait = pendingForMs ?? Math.min(Math.max(pendingTtlMs, shortest), longest)
  // An extension ends at a fixed instant: after it there is nothing to decide.
  return Math.min(now + wait, extended === undefined ? Infinity : extended.from + durationMs)
}
