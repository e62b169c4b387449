/**
 * @module The differences between the two engines, in one place: column types, locks and the meaning of errors.
 * Everything else in this folder is written once, for both.
 */
import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely'
import { GatewayError } from '../../core/error.js'
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
  /**
   * First in a SERIALIZABLE transaction that lost before: waits until no other one of these runs, and sees what the last
   * one wrote.
   */
  queueLoser(db: Kysely<Database>): Promise<void>
  /** That a column has one of many texts, as one parameter: however many there are, it is one statement. */
  isOneOf(column: string, texts: readonly string[]): RawBuilder<SqlBool>
  /** First in a transaction over a whole store: it takes as long as it takes. */
  takeTime(db: Kysely<Database>): Promise<void>
  /** @throws GatewayError `STILL_IN_USE` where another program has the database open. */
  assertAlone(db: Kysely<Database>): Promise<void>
  hasTable(db: Kysely<Database>, name: string): Promise<boolean>
  /** What stands before `values` where the numbers of a rising column are given. */
  readonly ownNumbers: RawBuilder<unknown>
  /** The last number that was assigned in a rising column; 0 for none. */
  lastAssigned(db: Kysely<Database>, table: string, column: string): Promise<number>
  assignAfter(db: Kysely<Database>, table: string, column: string, last: number): Promise<void>
  /** Whether the transaction lost against another one and would succeed when run again. */
  isConflict(error: unknown): boolean
  isUniqueViolation(error: unknown): boolean
  /** Whether the database cannot be reached or cannot work just now, whatever it was asked. */
  isOutage(error: unknown): boolean
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
  queueLoser: () => Promise.resolve(),
  takeTime: () => Promise.resolve(),
  // Whoever opens a database of SQLite alone holds its lock from the beginning; see `sqlite.ts`.
  assertAlone: () => Promise.resolve(),
  async hasTable(db, name) {
    const { rows } = await sql`select 1 from sqlite_master where type = 'table' and name = ${name}`.execute(
      db,
    )
    return rows.length > 0
  },
  ownNumbers: sql``,
  async lastAssigned(db, table) {
    const { rows } = await sql<{
      seq: number
    }>`select seq from sqlite_sequence where name = ${table}`.execute(db)
    return rows[0]?.seq ?? 0
  },
  async assignAfter(db, table, _, last) {
    await sql`delete from sqlite_sequence where name = ${table}`.execute(db)
    await sql`insert into sqlite_sequence (name, seq) values (${table}, ${last})`.execute(db)
  },
  isOneOf: (column, texts) =>
    sql<SqlBool>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(texts)}))`,
  isConflict: () => false,
  isUniqueViolation: (error) =>
    ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(errorCode(error)),
  // Another process writes on and on; the disk is full, failed or became read-only.
  isOutage: (error) => /^SQLITE_(BUSY|IOERR|FULL|CANTOPEN|READONLY)(_|$)/.test(errorCode(error)),
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
  async queueLoser(db) {
    // A SELECT that takes a lock sees the state before it waited, and loses again; LOCK sees nothing. Only migrations
    // write this table.
    await sql`lock table migration in share row exclusive mode`.execute(db)
  },
  async takeTime(db) {
    await sql`set local statement_timeout = 0`.execute(db)
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(db)
  },
  async assertAlone(db) {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from pg_stat_activity
      where datname = current_database() and application_name = 'gatehouse' and pid <> pg_backend_pid()`.execute(
      db,
    )
    if ((rows[0]?.count ?? 0) > 0) throw stillInUse()
  },
  async hasTable(db, name) {
    const { rows } = await sql`
      select 1 from pg_class where relname = ${name} and relnamespace = current_schema()::regnamespace`.execute(
      db,
    )
    return rows.length > 0
  },
  ownNumbers: sql`overriding system value`,
  async lastAssigned(db, table, column) {
    const { rows } = await sql<{ sequence: string }>`
      select pg_get_serial_sequence(${table}, ${column}) as sequence`.execute(db)
    // The server has quoted the name where it has to be quoted.
    const sequence = sql.raw(rows[0]?.sequence ?? '')
    const found = await sql<{ last_value: number; is_called: boolean }>`
      select last_value, is_called from ${sequence}`.execute(db)
    const [state] = found.rows
    return state?.is_called === true ? state.last_value : 0
  },
  async assignAfter(db, table, column, last) {
    await sql`select setval(pg_get_serial_sequence(${table}, ${column}), ${last})`.execute(db)
  },
  isOneOf: (column, texts) => sql<SqlBool>`${sql.ref(column)} = any(${texts}::text[])`,
  // PostgreSQL appendix A: 40001 serialization_failure, 40P01 deadlock_detected, 23505 unique_violation.
  isConflict: (error) => ['40001', '40P01'].includes(errorCode(error)),
  isUniqueViolation: (error) => errorCode(error) === '23505',
  isOutage: (error) =>
    sqlStateOfOutage.test(errorCode(error)) ||
    networkErrors.has(errorCode(error)) ||
    (error instanceof Error && connectionLost.test(error.message)),
}

/**
 * PostgreSQL appendix A: 08 connection exception, 53 insufficient resources, 57P the server ends or is not up yet,
 * 57014 a statement beyond its time, 25P03 a transaction beyond its time.
 */
const sqlStateOfOutage = /^(?:08...|53...|57P..|57014|25P03)$/
const networkErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])
/** pg and its pool say these without a code. */
const connectionLost =
  /^(?:Connection terminated|timeout expired$|timeout exceeded when trying to connect$|Client (?:has encountered a connection error|was closed) and is not queryable$)/

/** What to throw for an error of the driver: `UNAVAILABLE` for an outage, otherwise the error itself. */
export function toStoreError(dialect: Pick<SqlDialect, 'isOutage'>, error: unknown): unknown {
  if (!dialect.isOutage(error)) return error
  const message = `the database cannot be used: ${reasonOf(error)}`
  return new GatewayError('UNAVAILABLE', message, {}, { cause: error })
}

/** For whoever needs a database alone and has it not. */
export function stillInUse(cause?: unknown): GatewayError {
  return new GatewayError(
    'STILL_IN_USE',
    'another program has this database open, most likely a gateway that runs: stop it first, and start it again afterwards',
    {},
    { cause },
  )
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
