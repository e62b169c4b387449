/** @module Table `answered_request`: request IDs that have had their answer; the key makes answers unique. */
export interface AnsweredRequestTable {
  entity_id: string
  request_id: string
  remember_until: number
}
