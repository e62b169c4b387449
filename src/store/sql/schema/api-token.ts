/** @module Table `api_token`: secrets of machine users, hashed, by the name of their resource. */
export interface ApiTokenTable {
  name: string
  token_hash: string
  created_at: number
  last_used_at: number | null
  last_used_from: string | null
}
