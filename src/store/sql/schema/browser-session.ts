/** @module Table `browser_session`: sessions of browsers and command lines, by the hash of what carries them. */
export interface BrowserSessionTable {
  token_hash: string
  id: string
  user_name: string
  stage: 'password' | 'full'
  /** JSON list of texts. */
  methods: string
  created_at: number
  authenticated_at: number
  last_seen_at: number
  expires_at: number
  idle_timeout_ms: number | null
  address: string
  user_agent: string
  client: 'browser' | 'cli'
  label: string | null
  /** JSON list of ids of access requests. */
  assumed: string
}
