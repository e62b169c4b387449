/** @module Table `review_decision`: what was decided so far in the reviews in progress. */
import type { ReviewDecision } from '../../access-list-store.js'

export interface ReviewDecisionTable {
  list_name: string
  kind: ReviewDecision['kind']
  name: string
  decision: ReviewDecision['decision']
  note: string
  decided_by: string
  decided_at: number
}
