/** @module Tables `mfa_proof` and `mfa_proof_subject`: proofs of a second factor, by the hash of what carries them. */
import type { MfaMethod, MfaPurpose } from '../../../core/mfa/proof.js'

export interface MfaProofTable {
  token_hash: string
  user_name: string
  session_id: string
  purpose: MfaPurpose
  method: MfaMethod
  expires_at: number
}

export interface MfaProofSubjectTable {
  token_hash: string
  subject: string
  spent_at: number | null
}
