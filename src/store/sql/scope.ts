/**
 * @module What each aggregate works on: a connection source (the database, or one transaction) and its dialect;
 * how transactions are run and run again, and how hot queries skip the query builder.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Compilable, CompiledQuery, IsolationLevel, Kysely } from 'kysely'
import { GatewayError } from '../../core/error.js'
import type { SqlDialect } from './dialect.js'
import type { Database } from './schema/database.js'

export interface SqlScope {
  readonly db: Kysely<Database>
  readonly dialect: SqlDialect
}

const maxAttempts = 10

/**
 * Runs `work` in a transaction of its own. On PostgreSQL it is SERIALIZABLE unless told otherwise, so that
 * "read, decide, write" is as safe as on SQLite, which has one writer; a transaction that loses against
 * another (40001, 40P01) runs again, at most ten times with a growing pause. Those that lost take turns: writers of
 * one sort raise one generation, so of many at once all but one lose, and side by side they would lose again. Other
 * errors pass through.
 * @throws GatewayError `UNAVAILABLE` when it lost every time.
 */
export async function runTransaction<T>(
  scope: SqlScope,
  work: (scope: SqlScope) => Promise<T>,
  isolation: IsolationLevel = 'serializable',
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await scope.db
        .transaction()
        .setIsolationLevel(isolation)
        .execute(async (db) => {
          if (attempt > 1 && isolation === 'serializable') await scope.dialect.queueLoser(db)
          return await work({ db, dialect: scope.dialect })
        })
    } catch (error) {
      if (!scope.dialect.isConflict(error)) throw error
      if (attempt === maxAttempts) {
        throw new GatewayError(
          'UNAVAILABLE',
          `the database refused the change ${maxAttempts} times because others changed the same data; try again`,
          { attempts: maxAttempts },
          { cause: error },
        )
      }
      await delay(attempt * attempt * 2)
    }
  }
}

/** Several statements as one: in the transaction at hand, or in one made for them. */
export function atomically<T>(
  scope: SqlScope,
  work: (scope: SqlScope) => Promise<T>,
  isolation?: IsolationLevel,
): Promise<T> {
  return scope.db.isTransaction ? work(scope) : runTransaction(scope, work, isolation)
}

/**
 * A query that is built and compiled once for each dialect. The values given to the builder are placeholders;
 * `run` takes the real ones in the order in which they stand in the SQL.
 */
export class Prepared<Row> {
  readonly #build: (db: Kysely<Database>) => Compilable<Row>
  readonly #compiled = new Map<SqlDialect, CompiledQuery<Row>>()

  constructor(build: (db: Kysely<Database>) => Compilable<Row>) {
    this.#build = build
  }

  async run(scope: SqlScope, parameters: readonly (string | number | null)[]): Promise<Row[]> {
    let compiled = this.#compiled.get(scope.dialect)
    if (compiled === undefined) {
      compiled = this.#build(scope.db).compile()
      this.#compiled.set(scope.dialect, compiled)
    }
    const { rows } = await scope.db.executeQuery<Row>({ ...compiled, parameters })
    return rows
  }
}
