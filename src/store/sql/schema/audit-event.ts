/** @module Table `audit_event`: events as JSON text with the columns that filters need. Triggers keep it append-only. */
import type { Generated } from 'kysely'

export interface AuditEventTable {
  /** Insertion order; on PostgreSQL a lower number may be committed later. */
  id: Generated<number>
  uid: string
  event_type: string
  user_name: string | null
  success: number
  time_ms: number
  json: string
  /** Null until the event has joined the chain, then final. */
  sequence: number | null
  hash: string | null
}
