/** @module Table `password_credential`: one argon2id hash for each local user. */
export interface PasswordCredentialTable {
  user_name: string
  hash: string
  changed_at: number
}
