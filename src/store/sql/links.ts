/** @module One-time links: invitations and resets, by the hash of their token. */
import type { Instant } from '../../core/time.js'
import type { LinkStore, OneTimeLink } from '../store.js'
import type { SqlScope } from './scope.js'

export class SqlLinkStore implements LinkStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async create(link: OneTimeLink): Promise<void> {
    await this.#scope.db
      .insertInto('one_time_link')
      .values({
        token_hash: link.tokenHash,
        kind: link.kind,
        user_name: link.user,
        created_by: link.createdBy,
        created_at: link.createdAt,
        expires_at: link.expiresAt,
        used_at: link.usedAt ?? null,
      })
      .execute()
  }

  async find(tokenHash: string): Promise<OneTimeLink | undefined> {
    const row = await this.#scope.db
      .selectFrom('one_time_link')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst()
    return (
      row && {
        tokenHash: row.token_hash,
        kind: row.kind,
        user: row.user_name,
        createdBy: row.created_by,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        usedAt: row.used_at ?? undefined,
      }
    )
  }

  async use(tokenHash: string, now: Instant): Promise<boolean> {
    const row = await this.#scope.db
      .updateTable('one_time_link')
      .set({ used_at: now })
      .where('token_hash', '=', tokenHash)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .returning('token_hash')
      .executeTakeFirst()
    return row !== undefined
  }

  async revokeAll(user: string): Promise<void> {
    await this.#scope.db
      .deleteFrom('one_time_link')
      .where('user_name', '=', user)
      .where('used_at', 'is', null)
      .execute()
  }

  async deleteExpired(before: Instant): Promise<number> {
    const result = await this.#scope.db
      .deleteFrom('one_time_link')
      .where('expires_at', '<', before)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}
