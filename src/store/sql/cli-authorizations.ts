/** @module Consents to sign a command line in, by the hash of the code that it redeems. */
import type { Instant } from '../../core/time.js'
import type { CliAuthorization, CliAuthorizationStore } from '../store.js'
import type { SqlScope } from './scope.js'
import { storable } from './text.js'

export class SqlCliAuthorizationStore implements CliAuthorizationStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async create(authorization: CliAuthorization): Promise<void> {
    await this.#scope.db
      .insertInto('cli_authorization')
      .values({
        code_hash: authorization.codeHash,
        user_name: authorization.user,
        session_id: authorization.sessionId,
        challenge: authorization.challenge,
        port: authorization.port,
        host: storable(authorization.host),
        expires_at: authorization.expiresAt,
      })
      .execute()
  }

  async take(codeHash: string): Promise<CliAuthorization | undefined> {
    const row = await this.#scope.db
      .deleteFrom('cli_authorization')
      .where('code_hash', '=', codeHash)
      .returningAll()
      .executeTakeFirst()
    return (
      row && {
        codeHash: row.code_hash,
        user: row.user_name,
        sessionId: row.session_id,
        challenge: row.challenge,
        port: row.port,
        host: row.host,
        expiresAt: row.expires_at,
      }
    )
  }

  async deleteExpired(before: Instant): Promise<number> {
    const result = await this.#scope.db
      .deleteFrom('cli_authorization')
      .where('expires_at', '<', before)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}
