/** @module Table `outbox_message`: what is to be sent, and, for a while, what was: its key makes it happen once. */
import type { Generated } from 'kysely'
import type { OutboxMessage } from '../../access-list-store.js'

export interface OutboxMessageTable {
  position: Generated<number>
  id: string
  message_key: string
  channel: OutboxMessage['channel']
  recipient: string
  subject: string
  body_text: string
  body_html: string
  created_at: number
  not_before: number
  expires_at: number
  /** In somebody's hands until then; 0 where nobody has it. */
  claimed_until: number
  attempts: number
  last_error: string | null
  state: 'waiting' | 'sent' | 'given_up'
  ended_at: number | null
}
