/** @module JSON documents by name, one for each part that keeps something for itself. */
import type { NoteStore } from '../store.js'
import { parseStored } from './bulk.js'
import type { SqlScope } from './scope.js'

export class SqlNoteStore implements NoteStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async find(name: string): Promise<unknown> {
    const row = await this.#scope.db
      .selectFrom('note')
      .select('document')
      .where('name', '=', name)
      .executeTakeFirst()
    return row && parseStored(row.document, `note "${name}"`)
  }

  async put(name: string, document: unknown): Promise<void> {
    const values = { document: JSON.stringify(document) }
    await this.#scope.db
      .insertInto('note')
      .values({ name, ...values })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
      .execute()
  }

  async delete(name: string): Promise<boolean> {
    const result = await this.#scope.db.deleteFrom('note').where('name', '=', name).executeTakeFirst()
    return result.numDeletedRows > 0n
  }
}
