/** @module Tables `saml_used_assertion` and `saml_metadata`: what is kept for SAML connectors. */
export interface SamlUsedAssertionTable {
  connector: string
  id_hash: string
  expires_at: number
}

export interface SamlMetadataTable {
  connector: string
  url: string
  xml: string | null
  fetched_at: number | null
  valid_until: number | null
  tried_at: number
  problem: string | null
}
