/** @module Who is on call, a row for each list. */
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { OnCallList } from '../../core/access-request/on-call.js'
import type { OnCallStore } from '../access-request-store.js'
import { assertStorable } from './bulk.js'
import type { OnCallListTable } from './schema/on-call-list.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable, storable } from './text.js'

const namesForm = z.array(z.string())

export class SqlOnCallStore implements OnCallStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async find(name: string): Promise<OnCallList | undefined> {
    if (!isStorable(name)) return undefined
    const row = await this.#scope.db
      .selectFrom('on_call_list')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst()
    return row && toList(row)
  }

  async list(): Promise<OnCallList[]> {
    const rows = await this.#scope.db.selectFrom('on_call_list').selectAll().orderBy('name').execute()
    return rows.map(toList)
  }

  async put({ name, users, until, updatedAt, updatedBy }: OnCallList, limit: number): Promise<boolean> {
    assertStorable('a list of who is on call', name, ...users)
    return await atomically(this.#scope, async ({ db }) => {
      const others = await db
        .selectFrom('on_call_list')
        .select((row) => row.fn.countAll<number | string>().as('count'))
        .where('name', '!=', name)
        .executeTakeFirstOrThrow()
      if (Number(others.count) >= limit) return false
      const values = {
        users: JSON.stringify(users),
        until_at: until ?? null,
        updated_at: updatedAt,
        updated_by: storable(updatedBy),
      }
      await db
        .insertInto('on_call_list')
        .values({ name, ...values })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .execute()
      return true
    })
  }

  async delete(name: string): Promise<boolean> {
    if (!isStorable(name)) return false
    const result = await this.#scope.db.deleteFrom('on_call_list').where('name', '=', name).executeTakeFirst()
    return result.numDeletedRows > 0n
  }
}

function toList(row: Selectable<OnCallListTable>): OnCallList {
  return {
    name: row.name,
    users: parseNames(row.users),
    until: row.until_at ?? undefined,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  }
}

/** By a list that is damaged nobody is on call. */
function parseNames(json: string): readonly string[] {
  try {
    return namesForm.safeParse(JSON.parse(json)).data ?? []
  } catch {
    return []
  }
}
