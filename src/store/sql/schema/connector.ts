/** @module Tables `connector_identity`, `connector_sign_in` and `connector_test`. */
import type { ConnectorKind } from '../../../core/connector/connector.js'

export interface ConnectorIdentityTable {
  user_name: string
  connector: string
  subject: string
  bound_at: number
  last_seen_at: number
  /** JSON list. */
  traits: string
}

export interface ConnectorSignInTable {
  state_hash: string
  kind: ConnectorKind
  connector: string
  browser_hash: string
  sealed: string
  next: string | null
  reauthenticates: number
  test: string | null
  answer: string | null
  created_at: number
  expires_at: number
}

export interface ConnectorTestTable {
  id: string
  kind: ConnectorKind
  connector: string
  user_name: string
  state: 'open' | 'begun' | 'done'
  result: string | null
  expires_at: number
}
