/**
 * @module A review that another owner has finished while somebody still goes through it: what they decide from then on
 * would begin another review without their knowing. They are told who finished it, and agree to another one.
 */
import { GatewayError } from '../../../core/error.js'
import type { FinishedReview, StoreTransaction } from '../../../store/store.js'

export async function lastFinished(
  { reviews }: Pick<StoreTransaction, 'reviews'>,
  list: string,
): Promise<FinishedReview | undefined> {
  return (await reviews.list(list, { limit: 1 }))[0]
}

/**
 * `seen` is the last finished review when somebody began, null where there was none. Nothing is asked of whoever sends
 * none.
 * @throws GatewayError `REVIEW_FINISHED`.
 */
export async function assertNotFinished(
  store: Pick<StoreTransaction, 'reviews'>,
  list: { readonly name: string; readonly title: string },
  seen: string | null | undefined,
): Promise<void> {
  if (seen === undefined) return
  const last = await lastFinished(store, list.name)
  if (last === undefined || last.id === seen) return
  const { submittedBy, kept, removed } = last
  const by = submittedBy ?? 'somebody'
  throw new GatewayError(
    'REVIEW_FINISHED',
    `${by} finished the review of ${list.title} in the meantime: ${kept} kept, ${removed.length} removed; ` +
      'what is decided from now on begins another one',
    { kind: 'access_list', name: list.name },
  )
}
