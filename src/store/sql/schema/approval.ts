/** @module Table `approval`: held actions that a person let pass. */
export interface ApprovalTable {
  plugin: string
  action_key: string
  approved_by: string
  approved_at: number
  expires_at: number
}
