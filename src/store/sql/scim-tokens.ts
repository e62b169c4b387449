/** @module Sealed bearer tokens for the SCIM endpoint of a plugin, two at most. */
import type { Instant } from '../../core/time.js'
import type { ScimToken, ScimTokenStore } from '../store.js'
import type { SqlScope } from './scope.js'
import { storable } from './text.js'

export class SqlScimTokenStore implements ScimTokenStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async list(plugin: string): Promise<ScimToken[]> {
    const rows = await this.#scope.db
      .selectFrom('scim_token')
      .selectAll()
      .where('plugin', '=', plugin)
      .orderBy('slot')
      .execute()
    return rows.map((row) => ({
      slot: row.slot,
      sealedToken: row.sealed_token,
      host: row.host,
      addedAt: row.added_at,
      addedBy: row.added_by,
      expiresAt: row.expires_at,
      refusedAt: row.refused_at ?? undefined,
    }))
  }

  async put(plugin: string, token: ScimToken): Promise<void> {
    const values = {
      sealed_token: token.sealedToken,
      host: token.host,
      added_at: token.addedAt,
      added_by: storable(token.addedBy),
      expires_at: token.expiresAt,
      refused_at: token.refusedAt ?? null,
    }
    await this.#scope.db
      .insertInto('scim_token')
      .values({ plugin, slot: token.slot, ...values })
      .onConflict((conflict) => conflict.columns(['plugin', 'slot']).doUpdateSet(values))
      .execute()
  }

  async markRefused(
    plugin: string,
    { slot, sealedToken }: Pick<ScimToken, 'slot' | 'sealedToken'>,
    at: Instant | undefined,
  ): Promise<void> {
    await this.#scope.db
      .updateTable('scim_token')
      .set({ refused_at: at ?? null })
      .where('plugin', '=', plugin)
      .where('slot', '=', slot)
      .where('sealed_token', '=', sealedToken)
      .execute()
  }

  async delete(plugin: string, slot: 1 | 2): Promise<boolean> {
    const result = await this.#scope.db
      .deleteFrom('scim_token')
      .where('plugin', '=', plugin)
      .where('slot', '=', slot)
      .executeTakeFirst()
    return result.numDeletedRows > 0n
  }
}
