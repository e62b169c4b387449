/**
 * @module The PostgreSQL connection: a bounded pool of pg clients, as a Kysely dialect. Sessions of ours carry the name
 * `gatehouse` and end statements and transactions that hang. Commits are as durable as `synchronous_commit`
 * of the server says; its default waits for the disk.
 */
import {
  PostgresDialect,
  type Dialect,
  type PostgresCursor,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely'
import pg from 'pg'
import { GatewayError } from '../../core/error.js'
import { second, type DurationMs } from '../../core/time.js'
import type { Logger } from '../../lib/logger.js'
import { postgresDialect, toStoreError } from './dialect.js'

/** How long the database is waited for. */
export interface DatabaseTimes {
  /** For a connection, be it a new one or a free one of the pool. */
  readonly connectMs: DurationMs
  /** For one statement, at the server. */
  readonly statementMs: DurationMs
  /**
   * For the answer to one statement: where the network is cut, nobody says that there will be none. Longer than
   * `statementMs`, so that a server that is reached says by itself that it took too long.
   */
  readonly answerMs: DurationMs
}

export const databaseTimes: DatabaseTimes = {
  connectMs: 5 * second,
  statementMs: 15 * second,
  answerMs: 16 * second,
}

/** Makes the pool for a `postgres://` URL; it connects with the first query. */
export function openPostgres(
  url: string,
  logger: Logger | undefined,
  { connectMs, statementMs, answerMs }: DatabaseTimes = databaseTimes,
): Dialect {
  const types = new pg.TypeOverrides()
  types.setTypeParser(pg.types.builtins.INT8, parseInt8)
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'gatehouse',
    max: 10,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: statementMs,
    // What a gateway that is cut off has locked is free again when a lease would be.
    idle_in_transaction_session_timeout: 15_000,
    types,
  })
  // A connection that breaks is replaced by the pool, and whoever uses it is told by the statement that fails. Each
  // also emits an error, which would end the process where nobody listens; the pool listens to the idle ones only.
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('error', (error) => logger?.warn({ err: error }, 'an idle PostgreSQL connection was lost'))
  return new PostgresDialect({
    pool: {
      connect: async () => {
        const client = await outages(pool.connect())
        return new CheckedClient(client, answerMs, () => endConnection(client))
      },
      end: () => pool.end(),
    },
  })
}

/** Passes a result on; an outage of the server becomes an error of ours. */
async function outages<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw toStoreError(postgresDialect, error)
  }
}

/** Every statement that waits on it fails at once. A client of the pool has `end` like any other, its type has not. */
function endConnection(client: pg.PoolClient): void {
  if (client instanceof pg.Client) client.end().catch(() => undefined)
}

/** The drivers' own default for int8 is text. All of ours are below 2^53, and another is an error. */
function parseInt8(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) {
    throw new GatewayError('INTERNAL', `the database holds the number ${text}, which is too large to be ours`)
  }
  return number
}

/**
 * PostgreSQL answers COMMIT with success and the word ROLLBACK if a statement of the transaction had failed and its
 * error was swallowed. Nothing was stored then, and the caller must not believe it was.
 */
class CheckedClient implements PostgresPoolClient {
  readonly #client: PostgresPoolClient
  readonly #answerMs: DurationMs
  readonly #end: () => void

  /** @param end Ends the connection, with whatever waits on it. */
  constructor(client: PostgresPoolClient, answerMs: DurationMs, end: () => void) {
    this.#client = client
    this.#answerMs = answerMs
    this.#end = end
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  query<R>(
    query: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof query !== 'string') return this.#client.query(query)
    return outages(query === 'commit' ? this.#commit() : this.#ask<R>(query, parameters))
  }

  release(): void {
    this.#client.release()
  }

  /** The connection of a statement without an answer is ended; the pool makes another one. */
  async #ask<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    const limit = setTimeout(this.#end, this.#answerMs)
    try {
      return await this.#client.query<R>(text, parameters)
    } finally {
      clearTimeout(limit)
    }
  }

  async #commit<R>(): Promise<PostgresQueryResult<R>> {
    const result = await this.#ask<R>('commit', [])
    const command: string = result.command
    if (command === 'ROLLBACK') {
      throw new GatewayError(
        'INTERNAL',
        'nothing was stored: a statement of the transaction had failed and its error was ignored',
      )
    }
    return result
  }
}
