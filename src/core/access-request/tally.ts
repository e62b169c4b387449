/**
 * @module What the reviews of a request say about an item. Each threshold counts the distinct authors whose review its
 * filter accepts; any one that is met decides, a refusal before an approval. A filter that cannot be evaluated does not
 * count the review. The requester's own word never counts.
 */
import type { ReviewThreshold } from '../role/role.js'
import { foldName } from '../user/user.js'
import type { AccessRequest, RequestItem, RequestReview } from './access-request.js'
import { judgeRequestCondition, type RequestFacts } from './request-condition.js'
import type { Reviewer } from './world.js'

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

/** Roles and traits of an author as they are now; undefined: those kept with the review are enough. */
export type PresentAuthor = (review: RequestReview) => Pick<Reviewer, 'roleNames' | 'traits'> | undefined

type Side = 'approve' | 'deny'

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

/** For many items; see {@link judgeItemState}. With `present` filters have to accept who approved as they are now as well. */
export function tallyOf(
  request: Counted,
  roleNames: readonly string[] = [...new Set(request.items.flatMap(({ terms }) => terms.roles))].sort(),
  present: PresentAuthor = () => undefined,
): Tally {
  const own = foldName(request.user)
  const reviews = request.reviews
    .map((review) => ({
      review,
      author: foldName(review.author),
      accepted: { approve: new Map<string, boolean>(), deny: new Map<string, boolean>() },
    }))
    .filter(({ author }) => author !== own)
  const isMet = (filter: string, review: RequestReview, reviewer: RequestFacts['reviewer']) =>
    judgeRequestCondition(filter, {
      roles: roleNames,
      reason: request.reason,
      annotations: request.annotations,
      review,
      reviewer,
    }).holds
  const evaluate = (filter: string, review: RequestReview, side: Side): boolean => {
    if (!isMet(filter, review, { roles: review.authorRoles, traits: review.authorTraits })) return false
    const author = side === 'approve' ? present(review) : undefined
    return author === undefined || isMet(filter, review, { roles: author.roleNames, traits: author.traits })
  }
  const accepts = (
    { review, accepted }: (typeof reviews)[number],
    filter: string | undefined,
    side: Side,
  ): boolean => {
    if (filter === undefined) return true
    let holds = accepted[side].get(filter)
    if (holds === undefined) accepted[side].set(filter, (holds = evaluate(filter, review, side)))
    return holds
  }
  return (item, counts = () => true) => {
    const about = firstByAuthor(reviews, item).filter(({ review }) => counts(review))
    const count = (side: Side, filter: string | undefined) =>
      about.filter((one) => one.review[side].includes(item.id) && accepts(one, filter, side)).length
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
