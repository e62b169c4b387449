/** @module Rows of upstream directories. */
export interface DirectoryTokenTable {
  id: string
  connector: string
  token_hash: string
  label: string
  created_at: number
  created_by: string
  expires_at: number
  last_used_at: number | null
  last_used_from: string | null
}

export interface DirectoryResourceTable {
  id: string
  connector: string
  kind: 'user' | 'group'
  name: string
  external_id: string | null
  attributes: string
  created_at: number
  updated_at: number
}

export interface DirectoryRemovalTable {
  connector: string
  kind: string
  count: number
  at: number
}

export interface DirectoryHoldTable {
  hold_key: string
  connector: string
  state: 'waiting' | 'released' | 'refused'
  what: string
  says: string
  first_at: number
  last_at: number
  tries: number
  decided_by: string | null
  decided_at: number | null
}
