/** @module Table `audit_checkpoint`: what stands for events that retention removed, signed. */
export interface AuditCheckpointTable {
  sequence: number
  hash: string
  pruned: number
  first_at: number
  last_at: number
  pruned_at: number
  key_id: string
  signature: string
}
