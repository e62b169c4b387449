/**
 * @module Opens the store: picks the engine by URL, connects, migrates. This folder keeps and finds, it decides nothing:
 * rules live in `core` and `service`, sealing in `keys`. It is the only importer of kysely, better-sqlite3 and
 * pg. One file for each aggregate, one for each table in `schema/`, what differs between engines in `dialect.ts`.
 */
import { Kysely } from 'kysely'
import { GatewayError } from '../../core/error.js'
import { minute } from '../../core/time.js'
import { systemClock, type Clock } from '../../lib/clock.js'
import type { Logger } from '../../lib/logger.js'
import type { Store } from '../store.js'
import { SqlStore } from './database.js'
import { postgresDialect, reasonOf, sqliteDialect } from './dialect.js'
import { migrate } from './migrate.js'
import { migrations } from './migrations/index.js'
import { databaseTimes, openPostgres, type DatabaseTimes } from './postgres.js'
import type { Database } from './schema/database.js'
import type { SqlScope } from './scope.js'
import { openSqlite, type SqliteOptions } from './sqlite.js'

export interface StoreOptions {
  /** `sqlite:PATH`, `sqlite::memory:` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. */
  readonly url: string
  readonly logger?: Logger
  /** Only for the record of when migrations ran. */
  readonly clock?: Clock
  /** How long PostgreSQL is waited for. */
  readonly times?: DatabaseTimes | undefined
}

/**
 * Opens the store and brings its tables up to date.
 * @throws GatewayError `INVALID_CONFIG` for a URL that names no database, `UNAVAILABLE` when it does not answer,
 * `MIGRATION_FAILED` when it cannot be brought up to date or is newer than this program.
 */
export async function openStore({
  url,
  logger,
  clock = systemClock,
  times = databaseTimes,
}: StoreOptions): Promise<Store> {
  const scope = connect(url, logger, { times })
  // Another replica may be migrating, which may take as long as it takes.
  const patient =
    scope.dialect === postgresDialect
      ? connect(url, logger, { times: { ...times, answerMs: migrationMs } })
      : scope
  try {
    await migrate(patient, migrations, { clock, logger })
    if (patient !== scope) await patient.db.destroy()
  } catch (error) {
    await patient.db.destroy()
    await scope.db.destroy()
    if (error instanceof GatewayError) throw error
    throw new GatewayError(
      'UNAVAILABLE',
      `the database cannot be used: ${reasonOf(error)}`,
      {},
      { cause: error },
    )
  }
  return new SqlStore(scope)
}

/** Longer than the server lets one of its statements take; see `lockMigrations`. */
const migrationMs = 11 * minute

export interface ConnectOptions extends SqliteOptions {
  /** How long PostgreSQL is waited for. */
  readonly times?: DatabaseTimes
}

/** A connection source for the URL, without migrations. */
export function connect(url: string, logger?: Logger, options: ConnectOptions = {}): SqlScope {
  const path = /^sqlite:(.+)$/s.exec(url)?.[1]
  if (path !== undefined) {
    return { db: new Kysely<Database>({ dialect: openSqlite(path, options) }), dialect: sqliteDialect }
  }
  if (/^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url)) {
    return {
      db: new Kysely<Database>({ dialect: openPostgres(url, logger, options.times) }),
      dialect: postgresDialect,
    }
  }
  // The URL may hold a password, so the message does not repeat it.
  throw new GatewayError(
    'INVALID_CONFIG',
    'the database URL is not valid; write sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE',
  )
}
