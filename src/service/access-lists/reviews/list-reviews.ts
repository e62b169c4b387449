/** @module The reviews of a list that are finished, newest first: when, by whom, and what came of each. */
import type { ReviewsAnswer } from '../../../api/contract/list-reviews.js'
import { GatewayError } from '../../../core/error.js'
import { formatInstant } from '../../../core/time.js'
import type { FinishedReview } from '../../../store/store.js'
import type { Authority } from '../../authority.js'
import type { ResourceDeps } from '../../resources/deps.js'
import { assertReadsList, loadViewer } from '../rights.js'

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT` for a cursor that no page gave. */
export async function listReviews(
  deps: Pick<ResourceDeps, 'store' | 'catalog' | 'kinds' | 'clock'>,
  name: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  authority: Authority,
): Promise<ReviewsAnswer> {
  const catalog = await deps.catalog.read()
  assertReadsList(await loadViewer(deps, deps.store, catalog, authority), name)
  // The id of the last review that was shown.
  if (cursor !== undefined && !/^[0-9a-f-]{36}$/.test(cursor)) {
    throw new GatewayError(
      'INVALID_INPUT',
      'the cursor belongs to no page of this list; start from the first one',
    )
  }
  const found = await deps.store.reviews.list(name, {
    limit: limit + 1,
    ...(cursor !== undefined && { before: cursor }),
  })
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(toItem),
    ...(found.length > limit && last !== undefined && { nextCursor: last.id }),
  }
}

function toItem(review: FinishedReview): ReviewsAnswer['items'][number] {
  const { id, reviewedAt, dueAt, reviewers, submittedBy, notes, kept, removed, changes, nextDueAt } = review
  return {
    id,
    reviewedAt: formatInstant(reviewedAt),
    ...(dueAt !== undefined && { dueAt: formatInstant(dueAt) }),
    reviewers: [...reviewers],
    ...(submittedBy !== undefined && { submittedBy }),
    notes,
    kept,
    removed: removed.map((one) => ({ ...one })),
    changes: [...changes],
    ...(nextDueAt !== undefined && { nextDueAt: formatInstant(nextDueAt) }),
  }
}
