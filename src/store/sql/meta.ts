/** @module Single values by name. Names that begin with `store.` belong to the store itself. */
import { GatewayError } from '../../core/error.js'
import type { MetaStore } from '../store.js'
import { atomically, type SqlScope } from './scope.js'

export class SqlMetaStore implements MetaStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async find(key: string): Promise<string | undefined> {
    const row = await this.#scope.db
      .selectFrom('meta')
      .select('value')
      .where('name', '=', key)
      .executeTakeFirst()
    return row?.value
  }

  async putIfAbsent(key: string, value: string): Promise<string> {
    assertFree(key)
    return atomically(this.#scope, async ({ db }) => {
      await db
        .insertInto('meta')
        .values({ name: key, value })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      const row = await db
        .selectFrom('meta')
        .select('value')
        .where('name', '=', key)
        .executeTakeFirstOrThrow()
      return row.value
    })
  }

  async put(key: string, value: string): Promise<void> {
    assertFree(key)
    await this.#scope.db
      .insertInto('meta')
      .values({ name: key, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
  }
}

function assertFree(key: string): void {
  if (key.startsWith('store.')) {
    throw new GatewayError(
      'INTERNAL',
      `the meta key "${key}" belongs to the store; choose a name without "store."`,
    )
  }
}
