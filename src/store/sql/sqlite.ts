/**
 * @module The SQLite connection: better-sqlite3 with write-ahead log and durable commits, as a Kysely dialect.
 * There is one connection; transactions and single statements take turns on it, first come, first served.
 * Kysely's own driver is not used because it begins transactions DEFERRED (which fail half-way when another process
 * writes) and prepares each statement anew.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import SqliteDatabase from 'better-sqlite3'
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import { GatewayError } from '../../core/error.js'
import { errorCode, reasonOf, sqliteDialect, stillInUse, toStoreError } from './dialect.js'

/** How long a statement waits for another process that is writing, or for its turn on the connection. */
const patienceMs = 15_000
const maxStatements = 256

export interface SqliteOptions {
  /** Make no file where there is none. */
  readonly mustExist?: boolean
  /** Nobody else may have the file open, now or until it is closed. */
  readonly alone?: boolean
}

/**
 * Opens a database file (made with mode 0600) or `:memory:`.
 * @throws GatewayError `INVALID_CONFIG` when the path cannot be a database, `STILL_IN_USE` where it is to be had alone
 * and is not.
 */
export function openSqlite(path: string, options: SqliteOptions = {}): Dialect {
  const database = openFile(path, options)
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

function openFile(path: string, { mustExist, alone }: SqliteOptions): SqliteDatabase.Database {
  let database: SqliteDatabase.Database | undefined
  try {
    if (path !== ':memory:' && mustExist !== true) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      // The log and its index inherit the mode of the database file.
      closeSync(openSync(path, 'a', 0o600))
    }
    database = new SqliteDatabase(path, {
      timeout: alone === true ? 0 : patienceMs,
      fileMustExist: mustExist === true,
    })
    // Each connection in WAL mode keeps a shared lock on the file, so that this one finds out by its first reading.
    if (alone === true) database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = WAL')
    // FULL: a commit is on the disk when it returns, so that no audit event is lost with the power.
    database.pragma('synchronous = FULL')
    // Pages that many commits touch are copied back once in 4,000 (16 MiB) rather than once in 1,000.
    database.pragma('wal_autocheckpoint = 4000')
    database.pragma('foreign_keys = ON')
    database.pragma('trusted_schema = OFF')
    // Waiting inside SQLite would stop the whole process; the driver waits instead.
    database.pragma('busy_timeout = 20')
    return database
  } catch (error) {
    database?.close()
    if (alone === true && errorCode(error).startsWith('SQLITE_BUSY')) throw stillInUse(error)
    throw new GatewayError(
      'INVALID_CONFIG',
      `cannot open the SQLite database "${path}": ${reasonOf(error)}; check the path and its permissions`,
      { path },
      { cause: error },
    )
  }
}

class SqliteDriver implements Driver {
  readonly #database: SqliteDatabase.Database
  readonly #connection = new SqliteConnection((sql) => this.#prepare(sql))
  readonly #statements = new Map<string, SqliteDatabase.Statement>()
  readonly #waiting: (() => void)[] = []
  #taken = false

  constructor(database: SqliteDatabase.Database) {
    this.#database = database
  }

  init(): Promise<void> {
    return Promise.resolve()
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#taken) await this.#turn()
    this.#taken = true
    return this.#connection
  }

  releaseConnection(): Promise<void> {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#taken = false
    return Promise.resolve()
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    if (settings.accessMode === 'read only') {
      await connection.executeQuery(CompiledQuery.raw('begin'))
      // The moment that is read is that of the first reading, not of the beginning.
      await connection.executeQuery(CompiledQuery.raw('select 1 from sqlite_master'))
    } else {
      await connection.executeQuery(CompiledQuery.raw('begin immediate'))
    }
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite ends a transaction by itself on some errors (a full disk).
    if (this.#database.inTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async destroy(): Promise<void> {
    await this.acquireConnection()
    this.#database.close()
  }

  /** Resolves when the connection is handed over to this caller. */
  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1)
        reject(
          new GatewayError(
            'UNAVAILABLE',
            `the database was busy with one transaction for ${patienceMs / 1000} s; inside a transaction, only its own object may be used`,
          ),
        )
      }, patienceMs)
      this.#waiting.push(turn)
    })
  }

  #prepare(sql: string): SqliteDatabase.Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      if (this.#statements.size >= maxStatements) this.#statements.clear()
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #prepare: (sql: string) => SqliteDatabase.Statement

  constructor(prepare: (sql: string) => SqliteDatabase.Statement) {
    this.#prepare = prepare
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const deadline = performance.now() + patienceMs
    for (;;) {
      try {
        return this.#execute<R>(query)
      } catch (error) {
        // Only the first statement of a turn can meet another writer, so nothing is half done here.
        if (!errorCode(error).startsWith('SQLITE_BUSY') || performance.now() > deadline)
          throw toStoreError(sqliteDialect, error)
        await delay(5)
      }
    }
  }

  #execute<R>(query: CompiledQuery): QueryResult<R> {
    const statement = this.#prepare(query.sql)
    // The row type is the one that the query builder derived from the schema.
    if (statement.reader) return { rows: statement.all(query.parameters) as R[] }
    const { changes } = statement.run(query.parameters)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new GatewayError('INTERNAL', 'streaming is not used on SQLite')
  }
}
