/** A database that goes away is an outage, told as such and survived; it is never a fault of the request. */
import { randomBytes } from 'node:crypto'
import SqliteDatabase from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { GatewayError } from '../../src/core/error.js'
import { postgresDialect, sqliteDialect, toStoreError } from '../../src/store/sql/dialect.js'
import { queryPostgres } from '../support/postgres.js'
import { openRelay } from '../support/relay.js'
import { openTestGateway } from '../support/test-gateway.js'
import { aSession, open, refusal } from './conformance/engine.js'
import { fileEngine, postgresEngine } from './engines.js'

describe('PostgreSQL', () => {
  test('that went away is unavailable, with the cause, and the process lives', async () => {
    const relay = await openRelay(await postgresEngine.newUrl())
    const store = await open(relay.url)
    await store.meta.put('k', 'v')
    await relay.cut()
    for (let i = 0; i < 3; i++) {
      const error = await refusal(store.meta.find('k'), 'UNAVAILABLE')
      expect(error.message).toMatch(
        /^the database cannot be used: (connect ECONNREFUSED|Connection terminated)/,
      )
      expect(error.cause).toBeInstanceOf(Error)
    }
    await refusal(
      store.transaction((tx) => tx.meta.put('k', 'w')),
      'UNAVAILABLE',
    )
  })

  test('that goes away inside a transaction is unavailable, and nothing is stored', async () => {
    const url = await postgresEngine.newUrl()
    const relay = await openRelay(url)
    const store = await open(relay.url)
    const work = store.transaction(async (tx) => {
      await tx.meta.put('k', 'v')
      await relay.cut()
      await tx.meta.put('k', 'w')
    })
    expect((await refusal(work, 'UNAVAILABLE')).message).toContain('the database cannot be used: ')
    expect(await (await open(url)).meta.find('k')).toBeUndefined()
  })

  test('that ends the connection is unavailable once and then used again', async () => {
    const url = await postgresEngine.newUrl()
    const store = await open(url)
    const work = store.transaction(async (tx) => {
      await tx.meta.put('k', 'v')
      await queryPostgres(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'gatehouse' and datname = current_database()`,
      )
      await tx.meta.find('k')
    })
    await refusal(work, 'UNAVAILABLE')
    await store.meta.put('k', 'again')
    expect(await store.meta.find('k')).toBe('again')
  })

  test('a sign-in without a database is answered 503, not as a fault of the gateway', async () => {
    const relay = await openRelay(await postgresEngine.newUrl())
    const env = {
      GATEHOUSE_DATABASE_URL: relay.url,
      GATEHOUSE_MASTER_KEY: randomBytes(32).toString('base64url'),
    }
    const lines: string[] = []
    const gateway = await openTestGateway({ env, logSink: (line) => lines.push(line) })
    // The last audit events cannot be written any more, which closing may say.
    onTestFinished(async () => {
      await Promise.allSettled([gateway[Symbol.asyncDispose]()])
    })
    await relay.cut()
    const response = await fetch(`${gateway.url}/v1/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'alice@example.com', password: 'seven quiet otters' }),
    })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'UNAVAILABLE', title: 'Not available' })
    expect(lines.join('')).not.toContain('seven quiet otters')
  })

  test('that cannot be reached keeps nobody waiting: 503, not ready, and all well again afterwards', async () => {
    const relay = await openRelay(await postgresEngine.newUrl())
    const env = {
      GATEHOUSE_DATABASE_URL: relay.url,
      GATEHOUSE_MASTER_KEY: randomBytes(32).toString('base64url'),
    }
    const databaseTimes = { connectMs: 300, statementMs: 400, answerMs: 500 }
    await using gateway = await openTestGateway({ env, databaseTimes })
    const ask = async (path: string) => {
      const { status, headers } = await fetch(`${gateway.url}${path}`)
      return { status, retryAfter: headers.get('retry-after') }
    }
    const isUp = async () =>
      await vi.waitFor(
        async () => expect(await ask('/readyz')).toEqual({ status: 200, retryAfter: null }),
        10_000,
      )
    await isUp()
    // The network swallows everything; then it is back, but the server is down, as in a restart.
    for (const outage of [relay.hold, relay.cut]) {
      await outage()
      expect(await ask('/readyz')).toEqual({ status: 503, retryAfter: '5' })
      const paths = ['/saml/idp/metadata', '/v1/me', '/scim/v2/Users'].map(ask)
      expect((await Promise.all(paths)).filter(({ status }) => status === 500)).toEqual([])
      expect((await ask('/healthz')).status).toBe(200)
      await relay.mend()
      await isUp()
      await gateway.gateway.store.meta.put('k', 'v')
    }
  })
})

describe('SQLite', () => {
  test('where another process writes beyond all patience is unavailable', async () => {
    const url = await fileEngine.newUrl()
    const store = await open(url)
    const other = new SqliteDatabase(url.replace('sqlite:', ''))
    onTestFinished(() => void other.close())
    other.exec('begin immediate')
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    // Time runs a thousand times as fast for the patience of the store.
    const hurry = setInterval(() => void vi.advanceTimersByTime(20_000), 20)
    onTestFinished(() => clearInterval(hurry))
    const error = await refusal(store.sessions.create(aSession('a')), 'UNAVAILABLE')
    expect(error.message).toBe('the database cannot be used: database is locked')
    expect(error.cause).toMatchObject({ code: 'SQLITE_BUSY' })
    other.exec('rollback')
    await store.sessions.create(aSession('b'))
    expect(await store.sessions.find('a')).toBeUndefined()
  })

  test('on a full disk is unavailable', () => {
    const database = new SqliteDatabase(':memory:')
    onTestFinished(() => void database.close())
    database.exec('create table t (x)')
    database.pragma('max_page_count = 3')
    let thrown: unknown
    try {
      database.prepare('insert into t values (zeroblob(100000))').run()
    } catch (error) {
      thrown = toStoreError(sqliteDialect, error)
    }
    expect(thrown).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'the database cannot be used: database or disk is full',
    })
  })
})

describe('what counts as an outage', () => {
  const coded = (code: string) => Object.assign(new Error('x'), { code })

  test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', '57P01', '57P03', '53300', '08006', '57014'])(
    'PostgreSQL: %s',
    (code) => {
      expect(toStoreError(postgresDialect, coded(code))).toMatchObject({ code: 'UNAVAILABLE' })
    },
  )
  test.each(['timeout exceeded when trying to connect', 'Connection terminated unexpectedly'])(
    'PostgreSQL: %s',
    (message) => {
      expect(toStoreError(postgresDialect, new Error(message))).toMatchObject({ code: 'UNAVAILABLE' })
    },
  )
  test.each(['SQLITE_BUSY_SNAPSHOT', 'SQLITE_IOERR_WRITE', 'SQLITE_FULL', 'SQLITE_READONLY_DBMOVED'])(
    'SQLite: %s',
    (code) => {
      expect(toStoreError(sqliteDialect, coded(code))).toBeInstanceOf(GatewayError)
    },
  )
  test.each([
    [postgresDialect, '40001'],
    [postgresDialect, '23505'],
    [postgresDialect, '42601'],
    [sqliteDialect, 'SQLITE_CONSTRAINT_UNIQUE'],
    [sqliteDialect, 'SQLITE_CORRUPT'],
    [sqliteDialect, 'SQLITE_ERROR'],
  ])('not $name: %s', (dialect, code) => {
    const error = coded(code)
    expect(toStoreError(dialect, error)).toBe(error)
  })
})
