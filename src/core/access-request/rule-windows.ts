/**
 * @module How long access lasts that rules approve one request after another. A rule's `max_duration` is for all of it
 * that hangs together for one person and item: asked for in parts, back to back, it would be no limit.
 */
import type { DurationMs, Instant } from '../time.js'
import { requestTimes, type AccessRequest, type ItemId } from './access-request.js'
import { nextDueAt } from './due.js'

/** From when to when a request may give access, and for how long of it. */
export interface AccessWindow {
  readonly from: Instant
  readonly to: Instant
  readonly lastsMs: DurationMs
}

/** Of a request that waits, as wide as it may come to be: nobody knows when it is decided. */
export function windowOf(
  { startAt, durationMs, pendingUntil, extends: old }: AccessRequest,
  now: Instant,
): AccessWindow {
  const first = Math.max(startAt ?? now, now)
  const last = old?.from ?? Math.max(first, pendingUntil)
  return window(
    old?.firstStartedAt ?? first,
    last + durationMs,
    durationMs,
    last === first || old !== undefined,
  )
}

/** Undefined for one that never gave access and never will. */
function windowOfOther(request: AccessRequest, now: Instant): AccessWindow | undefined {
  const { state, activatedAt, endsAt, extends: old } = request
  if (state === 'pending') return windowOf(request, now)
  const from = activatedAt ?? (state === 'approved' ? nextDueAt(request) : undefined)
  if (from === undefined || endsAt === undefined) return undefined
  return window(old?.firstStartedAt ?? from, endsAt, endsAt - from, true)
}

function window(from: Instant, to: Instant, lastsMs: DurationMs, isExact: boolean): AccessWindow {
  return { from, to, lastsMs: isExact ? Math.max(0, to - from) : lastsMs }
}

/**
 * How long the windows last together that hang together with this one: touching, or so close that no access would fit in
 * between, and over others of them. What overlaps counts once where it is known when it is.
 */
export function lastsTogether(own: AccessWindow, others: readonly AccessWindow[]): DurationMs {
  const near = requestTimes.shortest
  const joined = [own]
  let { from, to } = own
  let left = [...others].filter((one) => one.to > one.from)
  for (;;) {
    const [touching, apart] = [left.filter(touches), left.filter((one) => !touches(one))]
    if (touching.length === 0) break
    joined.push(...touching)
    from = Math.min(from, ...touching.map((one) => one.from))
    to = Math.max(to, ...touching.map((one) => one.to))
    left = apart
  }
  return unionOf(joined)

  function touches(one: AccessWindow): boolean {
    return one.from - to < near && from - one.to < near
  }
}

/** Windows that are known count once where they overlap; those that may still move count in full. */
function unionOf(windows: readonly AccessWindow[]): DurationMs {
  let sum = 0
  let reached = -Infinity
  for (const { from, to, lastsMs } of [...windows].sort((a, b) => a.from - b.from)) {
    if (lastsMs < to - from) {
      sum += lastsMs
      continue
    }
    sum += Math.max(0, to - Math.max(from, reached))
    reached = Math.max(reached, to)
  }
  return sum
}

/** Windows of the other requests in which a rule approved this item. */
export function windowsByRules(
  item: ItemId,
  others: readonly AccessRequest[],
  isRule: (author: string) => boolean,
  now: Instant,
): AccessWindow[] {
  return others.flatMap((other) => {
    const isGiven = other.items.some(({ id, state }) => id === item && state !== 'denied')
    const byRule = other.reviews.some(({ author, approve }) => isRule(author) && approve.includes(item))
    const found = isGiven && byRule ? windowOfOther(other, now) : undefined
    return found === undefined ? [] : [found]
  })
}
