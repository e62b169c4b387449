/** @module Secrets of machine users, by their hash. `find` is on the path of every request that carries one. */
import type { Selectable } from 'kysely'
import type { Instant } from '../../core/time.js'
import type { TokenSecret, TokenStore } from '../store.js'
import type { ApiTokenTable } from './schema/api-token.js'
import { Prepared, type SqlScope } from './scope.js'
import { isStorable, storable } from './text.js'

const findToken = new Prepared((db) => db.selectFrom('api_token').selectAll().where('token_hash', '=', ''))

export class SqlTokenStore implements TokenStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async find(tokenHash: string): Promise<TokenSecret | undefined> {
    const [row] = await findToken.run(this.#scope, [tokenHash])
    return row && toSecret(row)
  }

  async list(): Promise<TokenSecret[]> {
    const rows = await this.#scope.db.selectFrom('api_token').selectAll().orderBy('name').execute()
    return rows.map(toSecret)
  }

  async put({ name, tokenHash, createdAt, lastUsedAt, lastUsedFrom }: TokenSecret): Promise<void> {
    const values = {
      token_hash: tokenHash,
      created_at: createdAt,
      last_used_at: lastUsedAt ?? null,
      last_used_from: lastUsedFrom === undefined ? null : storable(lastUsedFrom),
    }
    await this.#scope.db
      .insertInto('api_token')
      .values({ name, ...values })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
      .execute()
  }

  async touch(
    tokenHash: string,
    { at, from }: { readonly at: Instant; readonly from: string },
  ): Promise<void> {
    await this.#scope.db
      .updateTable('api_token')
      .set({ last_used_at: at, last_used_from: storable(from) })
      .where('token_hash', '=', tokenHash)
      // Requests overtake each other; the latest one counts.
      .where((or) => or.or([or('last_used_at', 'is', null), or('last_used_at', '<', at)]))
      .execute()
  }

  async delete(name: string): Promise<boolean> {
    if (!isStorable(name)) return false
    const result = await this.#scope.db.deleteFrom('api_token').where('name', '=', name).executeTakeFirst()
    return result.numDeletedRows > 0n
  }
}

function toSecret(row: Selectable<ApiTokenTable>): TokenSecret {
  return {
    name: row.name,
    tokenHash: row.token_hash,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    lastUsedFrom: row.last_used_from ?? undefined,
  }
}
