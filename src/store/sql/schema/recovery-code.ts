/** @module Table `recovery_code`: hashes of the codes that sign in after the password where no factor is left. */
export interface RecoveryCodeTable {
  code_hash: string
  user_name: string
  created_at: number
  used_at: number | null
}
