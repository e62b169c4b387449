/**
 * @module Reads a whole store as of one moment, and fills an empty one in one transaction. Both work beside a running
 * gateway or without one; `alone` says that nobody else may have the database open meanwhile.
 */
import { sql } from 'kysely'
import { GatewayError } from '../../core/error.js'
import { systemClock, type Clock } from '../../lib/clock.js'
import type { StoreTransaction } from '../store.js'
import type {
  AppliedMigration,
  Cell,
  FillableStore,
  RowReader,
  StoreSnapshot,
  TableShape,
} from '../whole-store.js'
import { SqlAggregates } from './database.js'
import { reasonOf, toStoreError } from './dialect.js'
import { migrate } from './migrate.js'
import { migrations } from './migrations/index.js'
import { connect } from './open.js'
import { describeTables, knownMigrations } from './schema-of.js'
import { runTransaction, type SqlScope } from './scope.js'

/** Rows that are in memory at a time. */
const pageSize = 500
/** Both engines take more; SQLite 32,766. */
const maxParameters = 30_000

export interface WholeStoreOptions {
  readonly url: string
  /** Refuse while anybody else has the database open: a gateway that runs would go on writing to it. */
  readonly alone: boolean
}

/**
 * Reads the store as it is at one moment, in a transaction that changes nothing and keeps no writer waiting.
 * @throws GatewayError `INVALID_CONFIG` where there is no such database, `STILL_IN_USE` where somebody has it open,
 * `MIGRATION_FAILED` where a newer program made it.
 */
export async function readWhole<T>(
  { url, alone }: WholeStoreOptions,
  work: (snapshot: StoreSnapshot) => Promise<T>,
): Promise<T> {
  const scope = connect(url, undefined, { mustExist: true, alone })
  try {
    return await scope.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (db) => {
        const tx: SqlScope = { db, dialect: scope.dialect }
        await tx.dialect.takeTime(db)
        if (alone) await tx.dialect.assertAlone(db)
        const applied = await listApplied(tx)
        if (applied.length === 0) {
          throw new GatewayError('INVALID_CONFIG', 'the database holds no store of Gatehouse: it is empty')
        }
        const tables = await describeTables(knownMigrations(applied))
        return await work({ ...readerOf(tx, tables), engine: tx.dialect.name, migrations: applied })
      })
  } catch (error) {
    throw toStoreError(scope.dialect, error)
  } finally {
    await scope.db.destroy()
  }
}

/**
 * Gives an empty database the tables that `applied` made, lets `work` fill them, and then brings them up to date; all
 * that `work` did is undone where it throws.
 * @throws GatewayError `ALREADY_EXISTS` where the database holds anything, `STILL_IN_USE`, `MIGRATION_FAILED`.
 */
export async function fillWhole<T>(
  {
    url,
    alone,
    applied,
    clock = systemClock,
  }: WholeStoreOptions & { readonly applied: readonly AppliedMigration[]; readonly clock?: Clock },
  work: (target: FillableStore) => Promise<T>,
): Promise<T> {
  const known = knownMigrations(applied)
  const tables = await describeTables(known)
  const scope = connect(url, undefined, { alone })
  try {
    await migrate(scope, migrations, { clock, only: known })
    const result = await scope.db.transaction().execute(async (db) => {
      const tx: SqlScope = { db, dialect: scope.dialect }
      await tx.dialect.takeTime(db)
      if (alone) await tx.dialect.assertAlone(db)
      await assertEmpty(tx, tables)
      // Migrations put their first values there; those of the source come in their place.
      await db.deleteFrom('meta').execute()
      return await work(fillable(tx, tables))
    })
    await migrate(scope, migrations, { clock })
    return result
  } catch (error) {
    throw toStoreError(scope.dialect, error)
  } finally {
    await scope.db.destroy()
  }
}

/** One transaction on the store as it is, without bringing it up to date: an older gateway may be at work on it. */
export async function amendWhole(url: string, work: (tx: StoreTransaction) => Promise<void>): Promise<void> {
  const scope = connect(url, undefined, { mustExist: true })
  try {
    await runTransaction(scope, async (tx) => await work(new SqlAggregates(tx)))
  } finally {
    await scope.db.destroy()
  }
}

async function listApplied({ db, dialect }: SqlScope): Promise<AppliedMigration[]> {
  if (!(await dialect.hasTable(db, 'migration'))) return []
  return await db.selectFrom('migration').select(['number', 'name']).orderBy('number').execute()
}

async function assertEmpty({ db }: SqlScope, tables: readonly TableShape[]): Promise<void> {
  for (const { name } of tables) {
    const own = name === 'meta' ? sql`where name not like 'store.%'` : sql``
    const { rows } = await sql`select 1 from ${sql.table(name)} ${own} limit 1`.execute(db)
    if (rows.length === 0) continue
    throw new GatewayError(
      'ALREADY_EXISTS',
      `the target is not empty (its table "${name}" holds rows): nothing was written; name a new, empty database`,
      { table: name },
    )
  }
}

function readerOf(scope: SqlScope, tables: readonly TableShape[]): RowReader {
  const aggregates: StoreTransaction = new SqlAggregates(scope)
  return {
    tables,
    aggregates,
    rows: (table) => pagesOf(scope, table),
    lastAssigned: async ({ name, rising }) =>
      rising === undefined ? 0 : await scope.dialect.lastAssigned(scope.db, name, rising),
  }
}

async function* pagesOf(
  { db }: SqlScope,
  { name, columns, order }: TableShape,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  const columnList = sql.join(columns.map((column) => sql.ref(column)))
  const orderList = sql.join(order.map((column) => sql.ref(column)))
  // A table without a key is small, and has no place to go on from but a number of rows.
  const hasKey = order.length < columns.length
  let last: Record<string, Cell> | undefined
  for (let offset = 0; ; offset += pageSize) {
    const after =
      hasKey && last !== undefined
        ? sql`where (${orderList}) > (${sql.join(order.map((column) => last?.[column]))})`
        : sql``
    const skip = hasKey ? sql`` : sql`offset ${offset}`
    const { rows } = await sql<Record<string, Cell>>`
      select ${columnList} from ${sql.table(name)} ${after} order by ${orderList} limit ${pageSize} ${skip}`.execute(
      db,
    )
    if (rows.length > 0) yield rows.map((row) => columns.map((column) => row[column] ?? null))
    if (rows.length < pageSize) return
    last = rows.at(-1)
  }
}

function fillable(scope: SqlScope, tables: readonly TableShape[]): FillableStore {
  const { db, dialect } = scope
  return {
    ...readerOf(scope, tables),
    engine: dialect.name,
    async insert({ name, columns }, rows) {
      const atOnce = Math.max(1, Math.floor(maxParameters / columns.length))
      const columnList = sql.join(columns.map((column) => sql.ref(column)))
      for (let from = 0; from < rows.length; from += atOnce) {
        const values = rows.slice(from, from + atOnce).map((row) => sql`(${sql.join(row)})`)
        try {
          await sql`insert into ${sql.table(name)} (${columnList}) ${dialect.ownNumbers} values ${sql.join(values)}`.execute(
            db,
          )
        } catch (error) {
          if (dialect.isOutage(error)) throw error
          throw new GatewayError(
            'CONFLICT',
            `table "${name}": ${dialect.name} does not take a row of it: ${reasonOf(error)}; nothing was written`,
            { table: name },
            { cause: error },
          )
        }
      }
    },
    async assignAfter({ name, rising }, last) {
      if (rising !== undefined && last > 0) await dialect.assignAfter(db, name, rising, last)
    },
    async clear(table, which) {
      const where = which === undefined ? sql`` : sql`where ${sql.ref(which.column)} = ${which.value}`
      const { numAffectedRows } = await sql`delete from ${sql.table(table)} ${where}`.execute(db)
      return Number(numAffectedRows ?? 0)
    },
  }
}
