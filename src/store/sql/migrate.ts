/**
 * @module Brings a database up to date at start: one transaction, under a lock, so that processes which start at once do
 * the work once, and a failure leaves the database as it was.
 */
import { sql } from 'kysely'
import { GatewayError } from '../../core/error.js'
import type { Clock } from '../../lib/clock.js'
import type { Logger } from '../../lib/logger.js'
import { reasonOf } from './dialect.js'
import type { Migration } from './migrations/migration.js'
import { runTransaction, type SqlScope } from './scope.js'

export interface MigrateOptions {
  readonly clock: Clock
  readonly logger?: Logger | undefined
  /** Those that the database is to have and no others: data of an earlier version comes into it. */
  readonly only?: readonly Migration[]
}

/**
 * Runs those of `migrations` that the database has not had yet, in order.
 * @throws GatewayError `MIGRATION_FAILED` when one fails, or when the database was made by a newer program.
 */
export async function migrate(
  root: SqlScope,
  migrations: readonly Migration[],
  options: MigrateOptions,
): Promise<void> {
  // READ COMMITTED: what the former holder of the lock has done must be visible once the lock is ours.
  await runTransaction(root, (scope) => migrateLocked(scope, migrations, options), 'read committed')
}

async function migrateLocked(
  scope: SqlScope,
  migrations: readonly Migration[],
  options: MigrateOptions,
): Promise<void> {
  const { db, dialect } = scope
  await dialect.lockMigrations(db)
  const { key, integer, tableEnd } = dialect.types
  await sql
    .raw(
      `create table if not exists migration
        (number ${integer} primary key, name ${key} not null, applied_at ${integer} not null) ${tableEnd}`,
    )
    .execute(db)
  const applied = await db.selectFrom('migration').select(['number', 'name']).orderBy('number').execute()
  refuseUnknown(applied, migrations)
  if (options.only !== undefined) refuseOthers(applied, options.only)
  const wanted = options.only ?? migrations
  const done = new Set(applied.map(({ number }) => number))
  for (const migration of wanted.filter(({ number }) => !done.has(number))) {
    await apply(scope, migration)
    const { number, name } = migration
    await db.insertInto('migration').values({ number, name, applied_at: options.clock.now() }).execute()
    options.logger?.info({ migration: number, name }, 'the database was migrated')
  }
}

async function apply({ db, dialect }: SqlScope, migration: Migration): Promise<void> {
  const statements = [...migration.statements(dialect.types), ...(migration.only?.[dialect.name] ?? [])]
  for (const statement of statements) {
    try {
      await sql.raw(statement).execute(db)
    } catch (error) {
      throw new GatewayError(
        'MIGRATION_FAILED',
        `migration ${migration.number} "${migration.name}" failed and the database was left as it was: ${reasonOf(error)}`,
        { migration: migration.number, statement },
        { cause: error },
      )
    }
  }
}

function refuseOthers(applied: readonly { readonly number: number }[], only: readonly Migration[]): void {
  const other = applied.find(({ number }) => only.every((migration) => migration.number !== number))
  if (other === undefined) return
  throw new GatewayError(
    'ALREADY_EXISTS',
    `the target was prepared by a newer version than the data is of (it has had migration ${other.number}): nothing was written; name a new, empty database`,
    { migration: other.number },
  )
}

function refuseUnknown(
  applied: readonly { readonly number: number; readonly name: string }[],
  migrations: readonly Migration[],
): void {
  for (const { number, name } of applied) {
    const known = migrations.find((migration) => migration.number === number)
    if (known?.name === name) continue
    throw new GatewayError(
      'MIGRATION_FAILED',
      `the database has had migration ${number} "${name}", which this version of Gatehouse does not know: ` +
        'it was made by a newer version; start that one, or restore a backup',
      { migration: number, name },
    )
  }
}
