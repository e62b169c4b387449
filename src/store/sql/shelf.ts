/** @module Favourites and templates of people, a row each. */
import type { Selectable } from 'kysely'
import type { ShelfItem, ShelfStore } from '../access-request-store.js'
import { assertStorable, parseStored } from './bulk.js'
import type { ShelfItemTable } from './schema/shelf-item.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable } from './text.js'

export class SqlShelfStore implements ShelfStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async list(user: string): Promise<ShelfItem[]> {
    if (!isStorable(user)) return []
    const rows = await this.#scope.db
      .selectFrom('shelf_item')
      .selectAll()
      .where('user_name', '=', user)
      .orderBy('kind')
      .orderBy('name')
      .execute()
    return rows.map(toItem)
  }

  async put({ user, kind, name, document, updatedAt }: ShelfItem, limit: number): Promise<boolean> {
    assertStorable(`a ${kind}`, user, name)
    return await atomically(this.#scope, async ({ db }) => {
      const others = await db
        .selectFrom('shelf_item')
        .select((row) => row.fn.countAll<number | string>().as('count'))
        .where('user_name', '=', user)
        .where('kind', '=', kind)
        .where('name', '!=', name)
        .executeTakeFirstOrThrow()
      if (Number(others.count) >= limit) return false
      const values = { document: JSON.stringify(document), updated_at: updatedAt }
      await db
        .insertInto('shelf_item')
        .values({ user_name: user, kind, name, ...values })
        .onConflict((conflict) => conflict.columns(['user_name', 'kind', 'name']).doUpdateSet(values))
        .execute()
      return true
    })
  }

  async delete(user: string, kind: ShelfItem['kind'], name: string): Promise<boolean> {
    if (!isStorable(user) || !isStorable(name)) return false
    const result = await this.#scope.db
      .deleteFrom('shelf_item')
      .where('user_name', '=', user)
      .where('kind', '=', kind)
      .where('name', '=', name)
      .executeTakeFirst()
    return result.numDeletedRows > 0n
  }

  async deleteAll(user: string): Promise<void> {
    if (!isStorable(user)) return
    await this.#scope.db.deleteFrom('shelf_item').where('user_name', '=', user).execute()
  }
}

/** The document is parsed when it is asked for: a damaged one fails its reader, not the list that it stands in. */
function toItem(row: Selectable<ShelfItemTable>): ShelfItem {
  return {
    user: row.user_name,
    kind: row.kind,
    name: row.name,
    get document() {
      return parseStored(row.document, `the ${row.kind} "${row.name}" of "${row.user_name}"`)
    },
    updatedAt: row.updated_at,
  }
}
