/** @module When time alone changes an access request next. What it changes is said in the transitions beside this. */
import type { Instant } from '../time.js'
import type { AccessRequest } from './access-request.js'

/**
 * The end of its wait, its start, or its end; undefined for one that is final. One that was approved and whose start is
 * over is due at once, by the instant at which it should have begun.
 */
export function nextDueAt({
  state,
  pendingUntil,
  startAt,
  activatedAt,
  resolvedAt,
  endsAt,
}: AccessRequest): Instant | undefined {
  if (state === 'pending') return pendingUntil
  if (state !== 'approved') return undefined
  if (activatedAt !== undefined) return endsAt
  return Math.max(startAt ?? 0, resolvedAt ?? 0)
}
