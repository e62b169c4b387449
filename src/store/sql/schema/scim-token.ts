/** @module Table `scim_token`: sealed bearer tokens with the host that each was given for. */
export interface ScimTokenTable {
  plugin: string
  slot: 1 | 2
  sealed_token: string
  host: string
  added_at: number
  added_by: string
  expires_at: number
  refused_at: number | null
}
