/** A store as a whole: every table goes from one engine to the other and back, and nothing is lost on the way. */
import SqliteDatabase from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { digestTable } from '../../src/archive/digest.js'
import { droppedAtRestore, keptAtRestore } from '../../src/core/backup/after-restore.js'
import { migrations } from '../../src/store/sql/migrations/index.js'
import { describeTables } from '../../src/store/sql/schema-of.js'
import { fillWhole, readWhole } from '../../src/store/sql/whole.js'
import type { Cell, StoreSnapshot, TableShape } from '../../src/store/whole-store.js'
import { aSession, open, refusal } from './conformance/engine.js'
import { fileEngine, postgresEngine } from './engines.js'

const alone = true
const all = migrations.map(({ number, name }) => ({ number, name }))

/** Order by bytes differs from order by UTF-16 or by a locale for these. */
const texts = ['', 'a', 'B', 'é', 'ß', '｡', '🦊', `it's "x"\n\\`, 'null', ' ']

/** Rows for every table: `count` of each, every column filled or, where it may be, empty. */
function fillEveryTable(url: string, count: number): void {
  const database = new SqliteDatabase(url.replace('sqlite:', ''))
  const names = database
    .prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`)
    .pluck()
    .all() as string[]
  database.transaction(() => {
    for (const table of names.filter((name) => name !== 'migration')) {
      const columns = database
        .prepare(`select name, type, "notnull", pk from pragma_table_info(?)`)
        .all(table) as {
        name: string
        type: string
        notnull: number
        pk: number
      }[]
      const insert = database.prepare(
        `insert into ${table} (${columns.map(({ name }) => name).join()}) values (${columns.map(() => '?').join()})`,
      )
      for (let row = 0; row < count; row++) {
        insert.run(
          columns.map(({ type, notnull, pk }, at): Cell => {
            if (table !== 'audit_event' && notnull === 0 && pk === 0 && row % 3 === 0) return null
            return type.toLowerCase() === 'integer'
              ? row + 1 + at
              : `${texts[(row + at) % texts.length]}${row}`
          }),
        )
      }
    }
  })()
  database.close()
}

async function digests(store: Pick<StoreSnapshot, 'tables' | 'rows' | 'lastAssigned' | 'aggregates'>) {
  const found: Record<string, unknown> = {}
  for (const table of store.tables) {
    found[table.name] = { ...(await digestTable(store, table)), last: await store.lastAssigned(table) }
  }
  return found
}

async function copy(from: string, to: string): Promise<void> {
  await readWhole({ url: from, alone }, async (source) => {
    await fillWhole({ url: to, alone, applied: source.migrations }, async (target) => {
      for (const table of source.tables) {
        for await (const rows of source.rows(table)) await target.insert(table, rows)
        await target.assignAfter(table, await source.lastAssigned(table))
      }
    })
  })
}

async function emptyStore(): Promise<string> {
  const url = await fileEngine.newUrl()
  const store = await open(url)
  await store[Symbol.asyncDispose]()
  return url
}

test('every table that the migrations make is kept or dropped by a restore, and never both', async () => {
  const names = (await describeTables(migrations)).map(({ name }) => name)
  expect([...keptAtRestore, ...Object.keys(droppedAtRestore)].sort()).toEqual(names)
})

test('every row of every table survives the way to PostgreSQL and back, with its numbers', async () => {
  const [from, there, back] = [await emptyStore(), await postgresEngine.newUrl(), await fileEngine.newUrl()]
  fillEveryTable(from, 7)
  await copy(from, there)
  await copy(there, back)
  const first = await readWhole({ url: from, alone }, digests)
  expect(Object.values(first).every((one) => (one as { rows: number }).rows >= 7)).toBe(true)
  expect(await readWhole({ url: there, alone }, digests)).toEqual(first)
  expect(await readWhole({ url: back, alone }, digests)).toEqual(first)
})

test('numbers go on after those of the source, also where the last rows were deleted there', async () => {
  const [from, there] = [await emptyStore(), await postgresEngine.newUrl()]
  await fileEngine.query(
    from,
    `insert into finished_review (position, id, list_name, reviewed_at, document) values (41, 'x', 'l', 1, '')`,
  )
  await fileEngine.query(from, `delete from finished_review`)
  await copy(from, there)
  const [row] = await postgresEngine.query(
    there,
    `insert into finished_review (id, list_name, reviewed_at, document) values ('y', 'l', 1, '') returning position`,
  )
  expect(Number(row?.['position'])).toBe(42)
})

test('more rows than a page are read once each', async () => {
  const url = await emptyStore()
  fillEveryTable(url, 1203)
  const counts = await readWhole({ url, alone }, async (store) => {
    const found: Record<string, number> = {}
    for (const table of store.tables) found[table.name] = (await digestTable(store, table)).rows
    return found
  })
  const { meta, ...others } = counts
  expect(new Set(Object.values(others))).toEqual(new Set([1203]))
  expect(meta).toBeGreaterThan(1203)
})

test('what is written while a snapshot is read is not in it, and nobody waits', async () => {
  const url = await fileEngine.newUrl()
  const store = await open(url)
  await store.sessions.create(aSession('a'))
  const sessions = await readWhole({ url, alone: false }, async (snapshot) => {
    await store.sessions.create(aSession('b'))
    const table = snapshot.tables.find(({ name }) => name === 'browser_session') as TableShape
    return (await digestTable(snapshot, table)).rows
  })
  expect(sessions).toBe(1)
})

describe('refused', () => {
  const read = (url: string) => readWhole({ url, alone }, () => Promise.resolve())
  const fill = (url: string, applied = all) => fillWhole({ url, alone, applied }, () => Promise.resolve())

  test('a database that a gateway has open', async () => {
    const url = await fileEngine.newUrl()
    await open(url)
    await refusal(read(url), 'STILL_IN_USE')
    const postgres = await postgresEngine.newUrl()
    const running = await open(postgres)
    await running.ping()
    await refusal(read(postgres), 'STILL_IN_USE')
    await running[Symbol.asyncDispose]()
  })

  test('a source that is not there, and it is not made', async () => {
    const url = await fileEngine.newUrl()
    await refusal(read(url), 'INVALID_CONFIG')
    await refusal(read(url), 'INVALID_CONFIG')
  })

  test('a target that holds anything', async () => {
    const url = await emptyStore()
    await fileEngine.query(url, `insert into api_token (name, token_hash, created_at) values ('t', 'h', 1)`)
    expect((await refusal(fill(url), 'ALREADY_EXISTS')).message).toContain('its table "api_token" holds rows')
  })

  test('data of a newer version', async () => {
    const applied = [...all, { number: 9999, name: 'from-the-future' }]
    const error = await refusal(fill(await fileEngine.newUrl(), applied), 'MIGRATION_FAILED')
    expect(error.message).toContain('made by a newer version')
  })

  test('a target that a newer version prepared for itself', async () => {
    const error = await refusal(fill(await emptyStore(), all.slice(0, 11)), 'ALREADY_EXISTS')
    expect(error.message).toContain('it has had migration')
  })
})

test('a target is as it was where the work fails', async () => {
  const url = await fileEngine.newUrl()
  const fill = fillWhole({ url, alone, applied: all }, async (target) => {
    const table = target.tables.find(({ name }) => name === 'meta') as TableShape
    await target.insert(table, [['a', 'b']])
    throw new Error('half-way')
  })
  await expect(fill).rejects.toThrow('half-way')
  expect(await fileEngine.query(url, `select name from meta where name = 'a'`)).toEqual([])
})

test('data of an earlier version comes into its own tables and is brought up to date there', async () => {
  const url = await fileEngine.newUrl()
  const applied = all.slice(0, 11)
  await fillWhole({ url, alone, applied }, async (target) => {
    const table = target.tables.find(({ name }) => name === 'list_departure') as TableShape
    await target.insert(table, [[1, 'l']])
    expect(target.tables.map(({ name }) => name)).not.toContain('passkey')
  })
  const snapshot = await readWhole({ url, alone }, (store) => Promise.resolve(store.migrations))
  expect(snapshot).toEqual(all)
  expect(await fileEngine.query(url, 'select list_name, left_at from list_departure')).toEqual([
    { list_name: 'l', left_at: 1 },
  ])
})
