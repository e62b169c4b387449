/** @module Table `cli_authorization`: consents that a command line has not redeemed yet, by the hash of their code. */
export interface CliAuthorizationTable {
  code_hash: string
  user_name: string
  session_id: string
  challenge: string
  port: number
  host: string
  expires_at: number
}
