/**
 * @module Brings a database up to date at start: one transaction, under a lock, so that processes which start at once do
 * the work once, and a failure leaves the database as it was. Programs of several versions may work on one database, as
 * while replicas are replaced one by one: a migration that older ones cannot live with says so.
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
 * Runs those of `migrations` that the database has not had yet, in order. Of a newer program it may have had more: this
 * one works beside, unless one of them says that it needs a newer one.
 * @throws GatewayError `MIGRATION_FAILED` when one fails, or when the database is of no use to this program.
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
  await assertUsable(scope, applied, migrations, options.logger)
  if (options.only !== undefined) refuseOthers(applied, options.only)
  const wanted = options.only ?? migrations
  const done = new Set(applied.map(({ number }) => number))
  for (const migration of wanted.filter(({ number }) => !done.has(number))) {
    await apply(scope, migration)
    const { number, name } = migration
    await db.insertInto('migration').values({ number, name, applied_at: options.clock.now() }).execute()
    if (migration.minimum !== undefined) await raiseMinimum(scope, migration.minimum)
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

/** What is the lowest number that a program must know; in `meta`, so that every version can read it. */
const minimumKey = 'store.schema.minimum'

async function findMinimum({ db }: SqlScope): Promise<number> {
  const row = await db.selectFrom('meta').select('value').where('name', '=', minimumKey).executeTakeFirst()
  return Number(row?.value ?? 0)
}

async function raiseMinimum(scope: SqlScope, minimum: number): Promise<void> {
  const value = String(Math.max(minimum, await findMinimum(scope)))
  await scope.db
    .insertInto('meta')
    .values({ name: minimumKey, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

async function assertUsable(
  scope: SqlScope,
  applied: readonly { readonly number: number; readonly name: string }[],
  migrations: readonly Migration[],
  logger: Logger | undefined,
): Promise<void> {
  const newest = Math.max(0, ...migrations.map(({ number }) => number))
  const unknown = applied.filter(
    ({ number, name }) => !migrations.some((known) => known.number === number && known.name === name),
  )
  const [first] = unknown
  if (first === undefined) return
  const { number, name } = first
  const had = `the database has had migration ${number} "${name}", which this version of Gatehouse does not know: `
  if (number <= newest) {
    throw new GatewayError(
      'MIGRATION_FAILED',
      `${had}it was made by another program; start that one, or restore a backup`,
      { migration: number, name },
    )
  }
  const minimum = await findMinimum(scope)
  if (newest < minimum) {
    throw new GatewayError(
      'MIGRATION_FAILED',
      `${had}it was made by a newer version, and only versions that know migration ${minimum} can work with it ` +
        `(this one knows ${newest}); start a newer version, or restore a backup`,
      { migration: number, name, minimum },
    )
  }
  logger?.warn(
    { migration: number, name },
    'the database was migrated by a newer version; this one works beside it, replace it soon',
  )
}
