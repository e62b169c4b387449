/** @module Table `audit_sink`: how far each sink of the audit log has come. */
export interface AuditSinkTable {
  sink_key: string
  type: string
  sequence: number
  head_sequence: number
  delivered_at: number | null
  seen_at: number
  /** Null while all is well; then the other columns of the trouble hold nothing of use. */
  failing_since: number | null
  last_error: string | null
  attempts: number
  next_attempt_at: number
  announced: number
}
