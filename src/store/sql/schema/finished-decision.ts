/** @module Table `finished_decision`: what finished reviews decided on each member. */
import type { FinishedDecision } from '../../access-list-store.js'

export interface FinishedDecisionTable {
  list_name: string
  review_id: string
  kind: FinishedDecision['kind']
  name: string
  decision: FinishedDecision['decision']
  note: string
  decided_by: string
}
