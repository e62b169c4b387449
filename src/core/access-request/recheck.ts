/**
 * @module The look before access begins (T28): does the requester still exist and may they still ask, do those who decided
 * still exist and may they still review, and are there enough of them. What does not hold any more falls away.
 */
import type { AccessRequest, ItemId, RequestReview } from './access-request.js'
import { requestJudge, rolesOfRequest } from './may-request.js'
import { reviewJudge } from './reviewers.js'
import { tallyOf } from './tally.js'
import type { Requester, Reviewer, RequestWorld } from './world.js'

/** People as they are now. */
export interface RecheckFacts {
  /** Undefined where the requester no longer exists, or cannot be read. */
  readonly requester: (Requester & { readonly isLocked: boolean }) | undefined
  /** Undefined: nobody of this name any more. */
  readonly reviewer: (author: string) => Reviewer | undefined
  /** The request that this one goes on with, where it still exists. */
  readonly extended: AccessRequest | undefined
}

/** The approved items that fall away, with why, as a sentence. Empty where everything holds. */
export function recheck(
  request: AccessRequest,
  facts: RecheckFacts,
  world: RequestWorld,
): ReadonlyMap<ItemId, string> {
  const approved = request.items.filter(({ state }) => state === 'approved')
  const all = (says: string) => new Map(approved.map(({ id }) => [id, says]))
  const { requester } = facts
  if (requester === undefined) return all('The requester no longer exists.')
  if (requester.isLocked) return all('The requester is locked.')
  // An extension would bring back what somebody has just taken away.
  if (facts.extended?.state === 'revoked') return all('The request that it goes on with was revoked.')
  const asks = requestJudge(requester, world)
  const tally = tallyOf(request, rolesOfRequest(request.items, world))
  const judgeOf = reviewJudges(request, facts, world)
  const fallen = new Map<ItemId, string>()
  for (const item of approved) {
    const verdict = asks.judgeAgain(item.asked)
    if (!verdict.ok) {
      fallen.set(item.id, 'The requester may no longer ask for it.')
      continue
    }
    const counts = (review: RequestReview) => judgeOf(review)?.(item).may === true
    // The role whose threshold was the weaker one may be gone.
    const asked = { ...item, terms: { ...item.terms, thresholds: verdict.terms.thresholds } }
    if (tally(item, counts).state !== 'approved' || tally(asked, counts).state !== 'approved') {
      fallen.set(item.id, 'Too few of those who approved it may still do so.')
    }
  }
  return fallen
}

type Judge = ReturnType<typeof reviewJudge>

/** Who gave each review, as far as they still may. */
function reviewJudges(
  request: AccessRequest,
  { reviewer }: RecheckFacts,
  world: RequestWorld,
): (review: RequestReview) => Judge | undefined {
  const judges = new Map(
    request.reviews.map((review): [RequestReview, Judge | undefined] => {
      const author = reviewer(review.author)
      if (author === undefined || review.at < author.since) return [review, undefined]
      return [review, reviewJudge(author, request, world, review)]
    }),
  )
  return (review) => judges.get(review)
}
