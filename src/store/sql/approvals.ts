/** @module Held actions that a person let pass, until the approval ends. */
import type { Approval } from '../../core/plan/plan.js'
import type { Instant } from '../../core/time.js'
import type { ApprovalStore } from '../store.js'
import { assertStorable, inChunks, lastOfEach } from './bulk.js'
import { raiseSyncGeneration } from './generation.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable, storable } from './text.js'

export class SqlApprovalStore implements ApprovalStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async list(plugin: string): Promise<Approval[]> {
    const rows = await this.#scope.db
      .selectFrom('approval')
      .selectAll()
      .where('plugin', '=', plugin)
      .orderBy('action_key')
      .execute()
    return rows.map((row) => ({
      key: row.action_key,
      by: row.approved_by,
      at: row.approved_at,
      expiresAt: row.expires_at,
    }))
  }

  async put(plugin: string, approvals: readonly Approval[]): Promise<void> {
    for (const { key } of approvals) assertStorable('the key of an action', key)
    const rows = lastOfEach(approvals, ({ key }) => [key]).map(({ key, by, at, expiresAt }) => ({
      plugin,
      action_key: key,
      approved_by: storable(by),
      approved_at: at,
      expires_at: expiresAt,
    }))
    await atomically(this.#scope, async (scope) => {
      await raiseSyncGeneration(scope)
      await inChunks(rows, (chunk) =>
        scope.db
          .insertInto('approval')
          .values(chunk)
          .onConflict((conflict) =>
            conflict.columns(['plugin', 'action_key']).doUpdateSet((row) => ({
              approved_by: row.ref('excluded.approved_by'),
              approved_at: row.ref('excluded.approved_at'),
              expires_at: row.ref('excluded.expires_at'),
            })),
          )
          .execute(),
      )
    })
  }

  async delete(plugin: string, keys: readonly string[]): Promise<void> {
    await atomically(this.#scope, async (scope) => {
      await raiseSyncGeneration(scope)
      await inChunks(keys.filter(isStorable), (chunk) =>
        scope.db
          .deleteFrom('approval')
          .where('plugin', '=', plugin)
          .where('action_key', 'in', chunk)
          .execute(),
      )
    })
  }

  async deleteExpired(before: Instant): Promise<number> {
    const result = await this.#scope.db
      .deleteFrom('approval')
      .where('expires_at', '<', before)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}
