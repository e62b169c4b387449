/**
 * @module The conditions on requests and reviews: `filter` of thresholds and `where` of `review_requests`. Parsed once for
 * each text; requests come from the store again and again, with the same few conditions in all of them.
 */
import { compileCondition, judgeCondition, type Condition } from '../role/condition.js'
import type { PredicateAnswer } from '../expression/predicate.js'
import type { Annotations, RequestReview } from './access-request.js'

/** What such a condition may read, in words of ours. */
export interface RequestFacts {
  /** Names of all roles of the request. */
  readonly roles: readonly string[]
  readonly reason: string
  readonly annotations: Annotations
  readonly review: Pick<RequestReview, 'reason' | 'annotations'>
  readonly reviewer: { readonly roles: readonly string[]; readonly traits: Annotations }
}

/** Whether it holds. `failed`: it cannot be evaluated, and whoever denies by it has to deny. */
export function judgeRequestCondition(text: string, facts: RequestFacts): PredicateAnswer {
  return judgeCondition(compile(text), {
    request: { roles: facts.roles, reason: facts.reason, system_annotations: facts.annotations },
    review: { reason: facts.review.reason, annotations: facts.review.annotations },
    reviewer: facts.reviewer,
  })
}

const known = new Map<string, Condition>()
const maxKnown = 500

function compile(text: string): Condition {
  const found = known.get(text)
  if (found !== undefined) return found
  const condition = compileCondition(text, 'filter', 'request')
  const oldest = known.size >= maxKnown ? known.keys().next().value : undefined
  if (oldest !== undefined) known.delete(oldest)
  known.set(text, condition)
  return condition
}
