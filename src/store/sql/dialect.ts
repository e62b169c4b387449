/**
 * @module The differences between the two engines, in one place: column types, locks and the meaning of errors.
 * Everything else in this folder is written once, for both.
 */
import { sql, type Kysely } from 'kysely'
import type { Database } from './schema/database.js'

/** Words of `create table`. Migrations are made of them, so a released word never changes its meaning. */
export interface ColumnTypes {
  /** Text that is compared and ordered by its bytes, whatever the locale of the database. */
  readonly key: string
  readonly text: string
  /** A whole number up to 2^53, an instant included. */
  readonly integer: string
  /** A number that the engine assigns, rising in the order of insertion. */
  readonly rising: string
  /** What stands after the closing bracket. */
  readonly tableEnd: string
}

export interface SqlDialect {
  readonly name: 'sqlite' | 'postgres'
  readonly types: ColumnTypes
  /** Makes other starting processes wait until this transaction ends. */
  lockMigrations(db: Kysely<Database>): Promise<void>
  /** Waits until no other transaction chains audit events, and keeps the others waiting until this one ends. */
  lockChain(db: Kysely<Database>): Promise<void>
  /** Whether the transaction lost against another one and would succeed when run again. */
  isConflict(error: unknown): boolean
  isUniqueViolation(error: unknown): boolean
}

/** Transactions begin with `BEGIN IMMEDIATE`, so there is one writer: further locks have nothing to add. */
export const sqliteDialect: SqlDialect = {
  name: 'sqlite',
  types: {
    key: 'text',
    text: 'text',
    integer: 'integer',
    rising: 'integer primary key autoincrement',
    tableEnd: 'strict',
  },
  lockMigrations: () => Promise.resolve(),
  lockChain: () => Promise.resolve(),
  isConflict: () => false,
  isUniqueViolation: (error) =>
    ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(errorCode(error)),
}

/** Advisory locks are numbers; these two are ours: "GH" in ASCII, then the purpose. */
const migrationLock = 0x4748_0001
const chainLock = 0x4748_0002

export const postgresDialect: SqlDialect = {
  name: 'postgres',
  types: {
    key: 'text collate "C"',
    text: 'text',
    integer: 'bigint',
    rising: 'bigint generated always as identity primary key',
    tableEnd: '',
  },
  async lockMigrations(db) {
    // A large migration on another replica may take longer than a statement of ours may.
    await sql`set local statement_timeout = '10min'`.execute(db)
    await sql`select pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(db)
  },
  async lockChain(db) {
    await sql`select pg_advisory_xact_lock(${sql.lit(chainLock)})`.execute(db)
  },
  // PostgreSQL appendix A: 40001 serialization_failure, 40P01 deadlock_detected, 23505 unique_violation.
  isConflict: (error) => ['40001', '40P01'].includes(errorCode(error)),
  isUniqueViolation: (error) => errorCode(error) === '23505',
}

/** The `code` that both drivers put on their errors; empty where there is none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** What went wrong, for a message; a refused connection to several addresses has a code only. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message === '' ? errorCode(error) : message
}
