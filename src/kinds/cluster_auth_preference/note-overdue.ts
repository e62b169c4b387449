/**
 * @module What a new policy for overdue reviews does at the moment at which it is stored: lists that are overdue for
 * longer already are frozen, or give nothing, without the notice that others have.
 */
import { overdueEffect, type OverdueEffect } from '../../core/access-list/review-schedule.js'
import type { ClusterAuthPreference } from '../../core/role/role.js'
import type { Instant } from '../../core/time.js'
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
    return effect === 'nothing' || effect === effectOf(before?.accessListReviews)
      ? []
      : [{ name, review, effect }]
  })
  if (hit.length === 0) return []
  const filled = await findFilled(tx.members, hit, after?.accessListReviews, now)
  const countOf = (wanted: OverdueEffect): number =>
    hit.filter(({ name, effect }) => effect === wanted && filled.has(name)).length
  const [frozen, removed] = [countOf('frozen'), countOf('grants_removed')]
  return [
    ...(frozen === 0 ? [] : [`Nobody can be added to ${lists(frozen)} until its review is finished.`]),
    ...(removed === 0
      ? []
      : [`Nobody holds anything by ${lists(removed)} until its review is finished, here and in AWS.`]),
  ]
}

function lists(count: number): string {
  return count === 1 ? '1 access list that is overdue' : `any of ${count} access lists that are overdue`
}
