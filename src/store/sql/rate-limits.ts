/** @module Counting windows for rate limits; each hit is one statement, so replicas and restarts count together. */
import { sql } from 'kysely'
import type { Instant } from '../../core/time.js'
import type { RateLimitState, RateLimitStore } from '../store.js'
import type { SqlScope } from './scope.js'
import { storable } from './text.js'

export class SqlRateLimitStore implements RateLimitStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async hit(key: string, windowMs: number, now: Instant): Promise<RateLimitState> {
    const fresh = { hits: 1, window_ends_at: now + windowMs }
    const row = await this.#scope.db
      .insertInto('rate_limit')
      .values({ id: storable(key), ...fresh })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((stored) => {
          const ended = sql<boolean>`${stored.ref('rate_limit.window_ends_at')} <= ${now}`
          return {
            hits: sql<number>`case when ${ended} then 1 else ${stored.ref('rate_limit.hits')} + 1 end`,
            window_ends_at: sql<number>`case when ${ended} then ${stored.ref('excluded.window_ends_at')}
              else ${stored.ref('rate_limit.window_ends_at')} end`,
          }
        }),
      )
      .returning(['hits', 'window_ends_at'])
      .executeTakeFirstOrThrow()
    return { count: row.hits, windowEndsAt: row.window_ends_at }
  }

  async takeBack(key: string, windowEndsAt: Instant): Promise<void> {
    await this.#scope.db
      .updateTable('rate_limit')
      .set((stored) => ({ hits: sql<number>`${stored.ref('hits')} - 1` }))
      .where('id', '=', storable(key))
      .where('window_ends_at', '=', windowEndsAt)
      .where('hits', '>', 0)
      .execute()
  }

  async find(key: string, now: Instant): Promise<RateLimitState | undefined> {
    const row = await this.#scope.db
      .selectFrom('rate_limit')
      .select(['hits', 'window_ends_at'])
      .where('id', '=', storable(key))
      .where('window_ends_at', '>', now)
      .executeTakeFirst()
    return row && { count: row.hits, windowEndsAt: row.window_ends_at }
  }

  async clear(key: string): Promise<void> {
    await this.#scope.db.deleteFrom('rate_limit').where('id', '=', storable(key)).execute()
  }

  async deleteExpired(before: Instant): Promise<number> {
    const result = await this.#scope.db
      .deleteFrom('rate_limit')
      .where('window_ends_at', '<', before)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}
