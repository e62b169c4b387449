/** @module Table `totp_credential`: sealed TOTP seeds and the last time step that each accepted. */
export interface TotpCredentialTable {
  id: string
  user_name: string
  label: string
  sealed_seed: string
  created_at: number
  last_used_at: number | null
  last_step: number
}
