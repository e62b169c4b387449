/** @module Tables `passkey` and `passkey_challenge`: the public halves of passkeys, and what waits for an answer. */
export interface PasskeyTable {
  id: string
  user_name: string
  label: string
  credential_id: string
  user_handle: string
  public_key: string
  sign_count: number
  /** JSON list. */
  transports: string
  backup_eligible: number
  backed_up: number
  aaguid: string
  discoverable: number
  attestation: 'none' | 'trusted'
  created_at: number
  last_used_at: number | null
}

export interface PasskeyChallengeTable {
  challenge_hash: string
  purpose:
    'enrol' | 'enrol_by_link' | 'manage_factors' | 'passwordless' | 'second_factor' | 'step_up' | 'action'
  user_name: string | null
  session_id: string | null
  subject: string | null
  expires_at: number
}
