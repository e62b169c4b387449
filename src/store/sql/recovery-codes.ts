/** @module Recovery codes, by their hashes. */
import type { Instant } from '../../core/time.js'
import type { RecoveryCodesLeft, RecoveryCodeStore } from '../recovery-code-store.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable } from './text.js'

export class SqlRecoveryCodeStore implements RecoveryCodeStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async replace(user: string, hashes: readonly string[], now: Instant): Promise<void> {
    await atomically(this.#scope, async ({ db }) => {
      await db.deleteFrom('recovery_code').where('user_name', '=', user).execute()
      const rows = hashes.map((hash) => ({
        code_hash: hash,
        user_name: user,
        created_at: now,
        used_at: null,
      }))
      if (rows.length > 0) await db.insertInto('recovery_code').values(rows).execute()
    })
  }

  async count(user: string): Promise<RecoveryCodesLeft | undefined> {
    if (!isStorable(user)) return undefined
    const rows = await this.#scope.db
      .selectFrom('recovery_code')
      .select(['created_at', 'used_at'])
      .where('user_name', '=', user)
      .execute()
    const [first] = rows
    return first && { left: rows.filter((row) => row.used_at === null).length, createdAt: first.created_at }
  }

  async use(user: string, hash: string, now: Instant): Promise<boolean> {
    const row = await this.#scope.db
      .updateTable('recovery_code')
      .set({ used_at: now })
      .where('code_hash', '=', hash)
      .where('user_name', '=', user)
      .where('used_at', 'is', null)
      .returning('code_hash')
      .executeTakeFirst()
    return row !== undefined
  }

  async deleteAll(user: string): Promise<void> {
    await this.#scope.db.deleteFrom('recovery_code').where('user_name', '=', user).execute()
  }
}
