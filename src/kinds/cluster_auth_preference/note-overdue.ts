/**
 * @module What a new policy for overdue reviews does at the moment at which it is stored: lists that are overdue for
 * longer already are frozen, or give nothing, without the notice that others have.
 */
import { overdueEffect, stepOf, type OverdueEffect } from '../../core/access-list/review-schedule.js'
import type { ClusterAuthPreference } from '../../core/role/role.js'
import { formatInstant, type Instant } from '../../core/time.js'
import { findFilled } from '../../service/access-lists/review-summary.js'
import type { KindChange } from '../../service/resources/kind.js'
import type { StoreTransaction } from '../../store/store.js'

/** Sentences for whoever stores the preference; none where no list is hit at once. */
export async function noteOverdue(
  { before, after, catalog }: KindChange<ClusterAuthPreference>,
  tx: Pick<StoreTransaction, 'members'>,
  now: Instant,
): Promise<readonly string[]> {
  const hit = catalog.accessLists().flatMap(({ value: { name, review } }) => {
    const effectOf = (preference: ClusterAuthPreference['accessListReviews']): OverdueEffect =>
      overdueEffect({ review, preference, hasMembers: true }, now)
    const effect = effectOf(after?.accessListReviews)
    const step = stepOf({ review, preference: after?.accessListReviews, hasMembers: true })
    return effect === 'nothing' || effect === effectOf(before?.accessListReviews)
      ? []
      : [{ name, review, effect, since: step?.at ?? now }]
  })
  if (hit.length === 0) return []
  const filled = await findFilled(tx.members, hit, after?.accessListReviews, now)
  const sinceOf = (wanted: OverdueEffect): Instant[] =>
    hit.flatMap(({ name, effect, since }) => (effect === wanted && filled.has(name) ? [since] : []))
  const [frozen, removed] = [sinceOf('frozen'), sinceOf('grants_removed')]
  return [
    ...(frozen.length === 0
      ? []
      : [`Nobody can be added to ${lists(frozen.length)} until its review is finished. ${saySince(frozen)}`]),
    ...(removed.length === 0
      ? []
      : [`Nobody holds anything by ${lists(removed.length)} until its review is finished, here and in AWS.`]),
  ]
}

/** A freeze counts from the day of its step, whenever the policy is stored. */
function saySince(frozen: readonly Instant[]): string {
  const first = formatInstant(frozen.reduce((a, b) => Math.min(a, b))).slice(0, 10)
  return frozen.length === 1
    ? `It counts as frozen from ${first} on: whoever came into lists within it since then does not count in it.`
    : `Each counts as frozen from its own day on, the first from ${first}: whoever came into lists within it since then does not count in it.`
}

function lists(count: number): string {
  return count === 1 ? '1 access list that is overdue' : `any of ${count} access lists that are overdue`
}
