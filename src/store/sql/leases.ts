/** @module Who may change AWS now. Taking is one statement, so of many that try at once exactly one has it. */
import { sql } from 'kysely'
import type { Instant } from '../../core/time.js'
import type { Lease, LeaseStore } from '../store.js'
import type { SqlScope } from './scope.js'

export class SqlLeaseStore implements LeaseStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async take(name: string, holder: string, now: Instant, ttlMs: number): Promise<Lease | undefined> {
    const row = await this.#scope.db
      .insertInto('lease')
      .values({ name, holder, term: 1, expires_at: now + ttlMs })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet((stored) => ({
            holder,
            term: sql<number>`case when ${stored.ref('lease.holder')} = ${holder}
              then ${stored.ref('lease.term')} else ${stored.ref('lease.term')} + 1 end`,
            expires_at: now + ttlMs,
          }))
          .where((stored) =>
            stored.or([stored('lease.holder', '=', holder), stored('lease.expires_at', '<=', now)]),
          ),
      )
      .returning(['term', 'expires_at'])
      .executeTakeFirst()
    return row && { holder, term: row.term, expiresAt: row.expires_at }
  }

  async find(name: string): Promise<Lease | undefined> {
    const row = await this.#scope.db
      .selectFrom('lease')
      .select(['holder', 'term', 'expires_at'])
      .where('name', '=', name)
      .executeTakeFirst()
    return row && { holder: row.holder, term: row.term, expiresAt: row.expires_at }
  }

  /** The row stays, so that terms go on growing. */
  async release(name: string, holder: string): Promise<void> {
    await this.#scope.db
      .updateTable('lease')
      .set({ expires_at: 0 })
      .where('name', '=', name)
      .where('holder', '=', holder)
      .execute()
  }
}
