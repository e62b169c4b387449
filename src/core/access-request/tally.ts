/**
 * @module What the reviews of a request say about an item. Each threshold counts the distinct authors whose review its
 * filter accepts; any one that is met decides, a refusal before an approval. A filter that cannot be evaluated does not
 * count the review. The requester's own word never counts.
 */
import type { ReviewThreshold } from '../role/role.js'
import { foldName } from '../user/user.js'
import type { AccessRequest, RequestItem, RequestReview } from './access-request.js'
import { judgeRequestCondition } from './request-condition.js'

/** How far one threshold is. */
export interface ThresholdTally {
  readonly threshold: ReviewThreshold
  readonly approvals: number
  readonly denials: number
}

export interface ItemTally {
  readonly state: RequestItem['state']
  readonly thresholds: readonly ThresholdTally[]
  /** Authors whatever filters say, for people. */
  readonly approvals: number
  readonly denials: number
}

type Counted = Pick<AccessRequest, 'user' | 'items' | 'reason' | 'annotations' | 'reviews'>

/** Answers for any item of one request; each filter is evaluated once for each review. */
export type Tally = (item: RequestItem, counts?: (review: RequestReview) => boolean) => ItemTally

/**
 * What reviews alone make of the item, whatever its state says. `counts` leaves reviews out, for instance those of
 * people who may no longer review. `roleNames` are those of the whole request (`rolesOfRequest`).
 */
export function judgeItemState(
  item: RequestItem,
  request: Counted,
  counts?: (review: RequestReview) => boolean,
  roleNames?: readonly string[],
): ItemTally {
  return tallyOf(request, roleNames)(item, counts)
}

/** For many items; see {@link judgeItemState}. */
export function tallyOf(
  request: Counted,
  roleNames: readonly string[] = [...new Set(request.items.flatMap(({ terms }) => terms.roles))].sort(),
): Tally {
  const own = foldName(request.user)
  const reviews = request.reviews
    .map((review) => ({ review, author: foldName(review.author), accepted: new Map<string, boolean>() }))
    .filter(({ author }) => author !== own)
  const accepts = ({ review, accepted }: (typeof reviews)[number], filter: string | undefined): boolean => {
    if (filter === undefined) return true
    let holds = accepted.get(filter)
    if (holds === undefined) {
      holds = judgeRequestCondition(filter, {
        roles: roleNames,
        reason: request.reason,
        annotations: request.annotations,
        review,
        reviewer: { roles: review.authorRoles, traits: review.authorTraits },
      }).holds
      accepted.set(filter, holds)
    }
    return holds
  }
  return (item, counts = () => true) => {
    const about = firstByAuthor(reviews, item).filter(({ review }) => counts(review))
    const count = (side: 'approve' | 'deny', filter: string | undefined) =>
      about.filter((one) => one.review[side].includes(item.id) && accepts(one, filter)).length
    const thresholds = item.terms.thresholds.map((threshold) => ({
      threshold,
      approvals: count('approve', threshold.filter),
      denials: count('deny', threshold.filter),
    }))
    return {
      state: decide(thresholds),
      thresholds,
      approvals: count('approve', undefined),
      denials: count('deny', undefined),
    }
  }
}

function decide(tallies: readonly ThresholdTally[]): RequestItem['state'] {
  if (tallies.some(({ threshold, denials }) => denials >= Math.max(1, threshold.deny))) return 'denied'
  if (tallies.some(({ threshold, approvals }) => approvals >= Math.max(1, threshold.approve)))
    return 'approved'
  return 'pending'
}

/** The first word of each author on the item is final; a review that says both of it says nothing good. */
function firstByAuthor<T extends { readonly review: RequestReview; readonly author: string }>(
  reviews: readonly T[],
  { id }: RequestItem,
): T[] {
  const seen = new Set<string>()
  return reviews.filter(({ review, author }) => {
    const isAbout = review.approve.includes(id) || review.deny.includes(id)
    if (!isAbout || seen.has(author)) return false
    seen.add(author)
    return true
  })
}
