/** @module Table `audit_head`: signed heads of the audit chain. */
export interface AuditHeadTable {
  sequence: number
  hash: string
  signed_at: number
  key_id: string
  signature: string
}
