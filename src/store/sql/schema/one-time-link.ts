/** @module Table `one_time_link`: invitations and resets, by the hash of their token. */
export interface OneTimeLinkTable {
  token_hash: string
  kind: 'invite' | 'reset'
  user_name: string
  created_by: string
  created_at: number
  expires_at: number
  used_at: number | null
}
