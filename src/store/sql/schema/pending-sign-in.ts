/** @module Table `pending_sign_in`: sign-ins that wait for their person. */
import type { MfaMethod } from '../../../core/mfa/proof.js'
export interface PendingSignInTable {
  handle_hash: string
  initiated_by: 'sp' | 'idp'
  service_provider: string
  entity_id: string
  request_id: string | null
  acs_url: string
  /** A JSON string, which keeps what a text column cannot: NUL and unpaired surrogates. */
  relay_state: string | null
  force_authn: number
  is_passive: number
  name_id_format: string | null
  asks_second_factor: number
  received_at: number
  expires_at: number
  answered_at: number | null
  mfa_session_id: string | null
  mfa_method: MfaMethod | null
  mfa_at: number | null
  /** JSON of `PendingSignIn.device`. */
  device_proof: string | null
}
