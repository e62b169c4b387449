/** @module Counters that grow with every committed write of one sort, so that one cheap read tells caches of any change. */
import { sql } from 'kysely'
import { Prepared, type SqlScope } from './scope.js'

/** Names of rows of `meta`, made by migrations. */
export type GenerationKey =
  | 'store.generation'
  | 'store.members.generation'
  | 'store.inventory.generation'
  | 'store.sync.generation'
  | 'store.requests.generation'

const find = new Prepared((db) => db.selectFrom('meta').select('value').where('name', '=', ''))

const raise = new Prepared((db) =>
  db
    .updateTable('meta')
    .set({ value: sql<string>`cast(cast(value as bigint) + 1 as text)` })
    .where('name', '=', ''),
)

export async function findGeneration(scope: SqlScope, key: GenerationKey): Promise<number> {
  const [row] = await find.run(scope, [key])
  return Number(row?.value)
}

/** Of what plans of the sync are made from: observations, links, ledger and approvals of every plugin. */
export async function raiseSyncGeneration(scope: SqlScope): Promise<void> {
  await raise.run(scope, ['store.sync.generation'])
}

/** Raises it. Its row is locked until the transaction ends, so writers of one sort take turns. */
export async function nextGeneration({ db }: SqlScope, key: GenerationKey): Promise<string> {
  const row = await db
    .updateTable('meta')
    .set({ value: sql<string>`cast(cast(value as bigint) + 1 as text)` })
    .where('name', '=', key)
    .returning('value')
    .executeTakeFirstOrThrow()
  return row.value
}
