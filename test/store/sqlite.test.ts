import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openStore } from '../../src/store/sql/open.js'
import type { StoreTransaction } from '../../src/store/store.js'
import { concurrencyConformance } from './concurrency.js'
import { storeConformance } from './conformance.js'
import { link, uids } from './conformance/audit.js'
import { anEvent, aSession, now, open, refusal } from './conformance/engine.js'
import { fileEngine, memoryEngine, openAndDie } from './engines.js'

storeConformance('SQLite in memory', memoryEngine)
storeConformance('SQLite in a file', fileEngine)
concurrencyConformance('SQLite in a file', fileEngine)

describe('SQLite', () => {
  test('the database and its log can be read by their owner only', async () => {
    const url = await fileEngine.newUrl()
    const path = url.replace('sqlite:', '')
    const store = await open(url)
    await store.sessions.create(aSession('a'))
    for (const file of [path, `${path}-wal`, `${path}-shm`])
      expect(statSync(file).mode & 0o777, file).toBe(0o600)
  })

  test('a folder that is missing is made, for its owner only', async () => {
    const path = join(dirname((await fileEngine.newUrl()).replace('sqlite:', '')), 'data', 'gatehouse.db')
    await open(`sqlite:${path}`)
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  })

  test('an event is there after the process was killed right after its transaction', async () => {
    const url = await fileEngine.newUrl()
    await openAndDie(url, 'after', 'the last words')
    const store = await open(url)
    expect(await store.audit.chain(10, link)).toBe(1)
    expect(await uids(store)).toEqual(['the last words'])
  })

  test('nothing is there after the process was killed inside its transaction', async () => {
    const url = await fileEngine.newUrl()
    await openAndDie(url, 'before', 'never said')
    const store = await open(url)
    expect(await store.audit.chain(10, link)).toBe(0)
    await store.audit.append(anEvent('alive'))
  })

  test('a writer in another process is waited for', async () => {
    const url = await fileEngine.newUrl()
    const store = await open(url)
    const other = new SqliteDatabase(url.replace('sqlite:', ''))
    onTestFinished(() => void other.close())
    other.exec('begin immediate')
    const waiting = [
      store.sessions.create(aSession('a')),
      store.transaction((tx) => tx.sessions.create(aSession('b'))),
    ]
    // Readers do not wait, and the process goes on while the writers do.
    setTimeout(() => other.exec('commit'), 100)
    await Promise.all(waiting)
    expect(await store.sessions.listByUser('alice@example.com')).toHaveLength(2)
  })

  test('a transaction object is of no use after its end', async () => {
    const store = await open('sqlite::memory:')
    const kept: StoreTransaction = await store.transaction((tx) => Promise.resolve(tx))
    await expect(kept.meta.put('k', 'v')).rejects.toThrow('Transaction is already committed')
    expect(await store.meta.find('k')).toBeUndefined()
  })
})

describe('a transaction that uses the store instead of its own object', () => {
  test('is told so instead of waiting for itself for ever', async () => {
    const store = await open('sqlite::memory:')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const tangled = store.transaction(async (tx) => {
      await tx.meta.put('k', 'v')
      const outside = store.meta.find('k')
      await Promise.resolve()
      vi.advanceTimersByTime(15_000)
      await outside
    })
    expect((await refusal(tangled, 'UNAVAILABLE')).message).toBe(
      'the database was busy with one transaction for 15 s; inside a transaction, only its own object may be used',
    )
    expect(await store.meta.find('k')).toBeUndefined()
  })
})

describe('the database URL', () => {
  test.each(['', 'sqlite:', 'gatehouse.db', 'mysql://root:hunter2@host/db', 'postgres://user:hunter2@[/db'])(
    '%j is refused without being repeated',
    async (url) => {
      expect((await refusal(openStore({ url }), 'INVALID_CONFIG')).message).toBe(
        'the database URL is not valid; write sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE',
      )
    },
  )

  test('a file that is no database is refused and left as it is', async () => {
    const path = (await fileEngine.newUrl()).replace('sqlite:', '')
    writeFileSync(path, 'these are my notes, they are precious and long enough to look like a page')
    const error = await refusal(openStore({ url: `sqlite:${path}` }), 'INVALID_CONFIG')
    expect(error.message).toBe(
      `cannot open the SQLite database "${path}": file is not a database; check the path and its permissions`,
    )
    expect(statSync(path).size).toBe(73)
  })

  test('a folder is refused', async () => {
    const path = (await fileEngine.newUrl()).replace('sqlite:', '')
    mkdirSync(path)
    chmodSync(path, 0o700)
    const error = await refusal(openStore({ url: `sqlite:${path}` }), 'INVALID_CONFIG')
    expect(error.message).toContain(`cannot open the SQLite database "${path}": EISDIR`)
  })

  test('a PostgreSQL that does not answer is named as such, without its password', async () => {
    const error = await refusal(openStore({ url: 'postgres://user:hunter2@127.0.0.1:1/db' }), 'UNAVAILABLE')
    expect(error.message).toBe('the database cannot be used: connect ECONNREFUSED 127.0.0.1:1')
  })
})

test('times are whole milliseconds to the far end of the calendar', async () => {
  const store = await open('sqlite::memory:')
  const farAway = 8.64e15
  await store.sessions.create(aSession('a', { createdAt: now, expiresAt: farAway }))
  expect((await store.sessions.find('a'))?.expiresAt).toBe(farAway)
})
