/** @module Table `finished_review`: reviews of access lists that were submitted, each as a JSON document. */
import type { Generated } from 'kysely'

export interface FinishedReviewTable {
  position: Generated<number>
  id: string
  list_name: string
  reviewed_at: number
  document: string
}
