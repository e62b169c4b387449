/**
 * @module Which tables and columns a number of migrations make: asked of an empty SQLite database in memory that has had
 * them, since both engines have the same. A table that a later migration adds is found here without a word elsewhere.
 */
import { Kysely, sql } from 'kysely'
import { GatewayError } from '../../core/error.js'
import { systemClock } from '../../lib/clock.js'
import type { AppliedMigration, TableShape } from '../whole-store.js'
import { sqliteDialect } from './dialect.js'
import { migrate } from './migrate.js'
import { migrations } from './migrations/index.js'
import type { Migration } from './migrations/migration.js'
import type { Database } from './schema/database.js'
import { openSqlite } from './sqlite.js'

/**
 * Those of ours that were applied.
 * @throws GatewayError `MIGRATION_FAILED` where one is not known here: a newer program made the data.
 */
export function knownMigrations(applied: readonly AppliedMigration[]): readonly Migration[] {
  const known = applied.map(({ number, name }) => {
    const migration = migrations.find((one) => one.number === number && one.name === name)
    if (migration !== undefined) return migration
    throw new GatewayError(
      'MIGRATION_FAILED',
      `the data has had migration ${number} "${name}", which this version of Gatehouse does not know: ` +
        'it was made by a newer version; use that one',
      { migration: number, name },
    )
  })
  return known.sort((a, b) => a.number - b.number)
}

/** Every table but `migration`, in alphabetical order. */
export async function describeTables(applied: readonly Migration[]): Promise<readonly TableShape[]> {
  const db = new Kysely<Database>({ dialect: openSqlite(':memory:') })
  try {
    await migrate({ db, dialect: sqliteDialect }, applied, { clock: systemClock })
    const { rows } = await sql<{ name: string; sql: string }>`
      select name, sql from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`.execute(
      db,
    )
    const tables: TableShape[] = []
    for (const table of rows.filter(({ name }) => name !== 'migration')) {
      const columns = await sql<{ name: string; pk: number }>`
        select name, pk from pragma_table_info(${table.name}) order by name`.execute(db)
      const key = columns.rows.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
      const order = (key.length > 0 ? key : columns.rows).map(({ name }) => name)
      tables.push({
        name: table.name,
        columns: columns.rows.map(({ name }) => name),
        order,
        rising: /\bautoincrement\b/i.test(table.sql) ? order[0] : undefined,
      })
    }
    return tables
  } finally {
    await db.destroy()
  }
}
