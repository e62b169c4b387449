/**
 * @module The look before access begins, or is made a membership (T28): does the requester still exist and may they still ask, do those who decided
 * still exist and may they still review, and are there enough of them. What does not hold any more falls away.
 */
import type { AccessRequest, ItemId, RequestItem, RequestReview } from './access-request.js'
import { requestJudge, rolesOfRequest } from './may-request.js'
import { isRuleAuthor, stillApproves, type RuleFacts, type RuleSet } from './review-rule.js'
import { reviewJudge } from './reviewers.js'
import { tallyOf } from './tally.js'
import type { Requester, Reviewer, RequestWorld } from './world.js'

/** People as they are now. */
export interface RecheckFacts {
  /** Undefined where the requester no longer exists, or cannot be read. */
  readonly requester: (Requester & { readonly isLocked: boolean }) | undefined
  /** Undefined: nobody of this name any more. */
  readonly reviewer: (author: string) => Reviewer | undefined
  /** The review rules as they are now, and who is on call. */
  readonly rules: RuleSet & Pick<RuleFacts, 'onCall' | 'now' | 'since'>
  /** The requests that this one goes on with, one after the other up to the first, as far as they still exist. */
  readonly extended: readonly AccessRequest[]
}

/**
 * The approved items that fall away, with why, as a sentence. Empty where everything holds. Reviews that `admits` refuses
 * do not count, whoever gave them.
 */
export function recheck(
  request: AccessRequest,
  facts: RecheckFacts,
  world: RequestWorld,
  admits: (review: RequestReview) => boolean = () => true,
): ReadonlyMap<ItemId, string> {
  const approved = request.items.filter(({ state }) => state === 'approved')
  const all = (says: string) => new Map(approved.map(({ id }) => [id, says]))
  const { requester } = facts
  if (requester === undefined) return all('The requester no longer exists.')
  if (requester.isLocked) return all('The requester is locked.')
  // An extension would bring back what somebody has just taken away.
  if (facts.extended.some(({ state }) => state === 'revoked'))
    return all('The request that it goes on with was revoked.')
  const asks = requestJudge(requester, world)
  // Filters of thresholds ask for roles: of who was a lead when they approved, and is one now.
  const tally = tallyOf(request, rolesOfRequest(request.items, world), ({ author }) =>
    isRuleAuthor(author) ? undefined : facts.reviewer(author),
  )
  const judgeOf = reviewJudges(request, requester, facts, world)
  const fallen = new Map<ItemId, string>()
  for (const item of approved) {
    const verdict = asks.judgeAgain(item.asked)
    if (!verdict.ok) {
      fallen.set(item.id, 'The requester may no longer ask for it.')
      continue
    }
    const counts = (review: RequestReview) => admits(review) && judgeOf(review)(item)
    // The role whose threshold was the weaker one may be gone.
    const asked = { ...item, terms: { ...item.terms, thresholds: verdict.terms.thresholds } }
    if (tally(item, counts).state !== 'approved' || tally(asked, counts).state !== 'approved') {
      fallen.set(item.id, tooFewApprovals)
    }
  }
  return fallen
}

/** Why an item falls away whose requester may still ask for it. */
export const tooFewApprovals = 'Too few of those who approved it may still do so.'

/** Whether each review still counts for an item: who gave it is there and may, or the rule still says the same. */
function reviewJudges(
  request: AccessRequest,
  requester: Requester,
  { reviewer, rules }: RecheckFacts,
  world: RequestWorld,
): (review: RequestReview) => (item: RequestItem) => boolean {
  const judges = new Map(
    request.reviews.map((review): [RequestReview, (item: RequestItem) => boolean] => {
      const { author: name, at } = review
      if (isRuleAuthor(name)) {
        return [review, stillApproves(name, request, { ...rules, requester }, rules, world)]
      }
      const author = reviewer(name)
      if (author === undefined || at < author.since) return [review, () => false]
      const judge = reviewJudge(author, request, world, review)
      return [review, (item) => judge(item).may]
    }),
  )
  return (review) => judges.get(review) ?? (() => false)
}
