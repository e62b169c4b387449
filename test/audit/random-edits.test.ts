/**
 * A thousand random edits, each made by hand in a copy of a database, and each found (T33). The copy of the heads and the
 * ID of the key were kept elsewhere. Seeded: the message of a failure names the edit.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, expect, test } from 'vitest'
import { sha256Hex } from '../../src/audit/hash.js'
import type { SignedHead } from '../../src/audit/head-sink.js'
import { AuditSequencer } from '../../src/audit/sequencer.js'
import type { PublicKey } from '../../src/audit/signatures.js'
import { verifyAudit } from '../../src/audit/verify.js'
import { linkInput, type ChainLink } from '../../src/core/audit/chain.js'
import { ManualClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { openStore } from '../../src/store/sql/open.js'
import type { ChainHead } from '../../src/store/store.js'
import { append, auditKeys, clusterName, HeldTimers, ListSink, start } from './sample.js'

const edits = 1000
let image: Buffer
let keys: readonly PublicKey[]
let copies: readonly SignedHead[]

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-edits-'))
  const file = join(folder, 'gatehouse.db')
  {
    await using store = await openStore({ url: `sqlite:${file}` })
    const clock = new ManualClock(start)
    const signing = auditKeys(store, clock)
    const sink = new ListSink()
    const logger = createLogger('silent')
    const timers = new HeldTimers()
    const sequencer = new AuditSequencer({
      store,
      keys: signing,
      clock,
      logger,
      clusterName,
      sinks: [sink],
      timers,
    })
    for (const count of [3, 7, 1, 9]) {
      await append(store, count)
      clock.advance(60_000)
      await sequencer.signHead()
    }
    keys = await signing.list()
    copies = sink.heads
  }
  const database = new Database(file)
  database.pragma('journal_mode = DELETE')
  for (const { type, name } of database
    .prepare("select type, name from sqlite_master where type in ('trigger', 'index') and sql is not null")
    .all() as { type: string; name: string }[]) {
    if (name.startsWith('audit')) database.exec(`drop ${type} "${name}"`)
  }
  database.pragma('foreign_keys = OFF')
  const tables = database
    .prepare("select name from sqlite_master where type = 'table'")
    .pluck()
    .all() as string[]
  for (const name of tables) {
    if (!/^(audit_|sqlite_)/.test(name)) database.exec(`drop table "${name}"`)
  }
  database.exec('vacuum')
  database.close()
  image = await readFile(file)
  await rm(folder, { recursive: true })
})

/** mulberry32: small, seeded, and good enough to choose with. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

type Pick = (below: number) => number
type Edit = (database: Database.Database, pick: Pick, last: number) => void

function changeText(
  database: Database.Database,
  table: string,
  column: string,
  at: number,
  pick: Pick,
): void {
  const where = `from ${table} where sequence = ?`
  const { text } = database.prepare(`select ${column} as text ${where}`).get(at) as { text: string }
  const place = pick(text.length)
  const others = '0123456789abcdefXYZ" '.replace(text[place] ?? '', '')
  const changed = text.slice(0, place) + (others[pick(others.length)] ?? '') + text.slice(place + 1)
  database.prepare(`update ${table} set ${column} = ? where sequence = ?`).run(changed, at)
}

const heads = (database: Database.Database): number[] =>
  database.prepare('select sequence from audit_head').pluck().all() as number[]
const oneOf = (list: readonly number[], pick: Pick): number => list[pick(list.length)] ?? 0
const columns = 'uid, event_type, user_name, success, time_ms, json'

const kinds: Readonly<Record<string, Edit>> = {
  'a byte of an event': (db, pick, last) => changeText(db, 'audit_event', 'json', 1 + pick(last), pick),
  'a byte of a hash': (db, pick, last) => changeText(db, 'audit_event', 'hash', 1 + pick(last), pick),
  'a number': (db, pick, last) => {
    const [from, to] = [1 + pick(last), last + 1 + pick(50)]
    db.prepare('update audit_event set sequence = ? where sequence = ?').run(to, from)
  },
  'an event dropped': (db, pick, last) => {
    db.prepare('delete from audit_event where sequence = ?').run(1 + pick(last))
  },
  'an event dropped, and the rest renumbered': (db, pick, last) => {
    const at = 1 + pick(last)
    db.prepare('delete from audit_event where sequence = ?').run(at)
    db.prepare('update audit_event set sequence = sequence - 1 where sequence > ?').run(at)
  },
  'two events swapped': (db, pick, last) => {
    const a = 1 + pick(last)
    const b = 1 + ((a + pick(last - 1)) % last)
    const set = db.prepare('update audit_event set sequence = ? where sequence = ?')
    for (const [to, from] of [[-1, a], [a, b], [b, -1]]) set.run(to, from) // prettier-ignore
  },
  'the texts of two events swapped': (db, pick, last) => {
    const a = 1 + pick(last)
    const b = 1 + ((a + pick(last - 1)) % last)
    const read = db.prepare('select json from audit_event where sequence = ?').pluck()
    const [textA, textB] = [read.get(a), read.get(b)]
    const set = db.prepare('update audit_event set json = ? where sequence = ?')
    set.run(textB, a)
    set.run(textA, b)
  },
  'an event doubled': (db, pick, last) => {
    const at = 1 + pick(last)
    db.prepare('update audit_event set sequence = sequence + 1 where sequence > ?').run(at)
    db.prepare(
      `insert into audit_event (${columns}, sequence, hash)
       select uid || 'x', event_type, user_name, success, time_ms, json, sequence + 1, hash
       from audit_event where sequence = ?`,
    ).run(at)
  },
  'the end cut off': (db, pick, last) => {
    db.prepare('delete from audit_event where sequence > ?').run(pick(last))
  },
  'the end cut off with its heads': (db, pick, last) => {
    const from = pick(last)
    for (const table of ['audit_event', 'audit_head']) {
      db.prepare(`delete from ${table} where sequence > ?`).run(from)
    }
  },
  'history rewritten with its hashes': (db, pick, last) => {
    changeText(db, 'audit_event', 'json', 1 + pick(last), pick)
    let hash = '0'.repeat(64)
    for (let at = 1; at <= last; at++) {
      const json = db.prepare('select json from audit_event where sequence = ?').pluck().get(at)
      hash = sha256Hex(linkInput(hash, String(json)))
      db.prepare('update audit_event set hash = ? where sequence = ?').run(hash, at)
    }
  },
  'a head dropped': (db, pick) => {
    db.prepare('delete from audit_head where sequence = ?').run(oneOf(heads(db), pick))
  },
  'a head put elsewhere': (db, pick, last) => {
    const from = oneOf(heads(db), pick)
    const free = Array.from({ length: last }, (_, i) => i + 1).filter((at) => !heads(db).includes(at))
    db.prepare('update audit_head set sequence = ? where sequence = ?').run(oneOf(free, pick), from)
  },
  'the time of a head': (db, pick) => {
    const change = 'update audit_head set signed_at = signed_at + ? where sequence = ?'
    db.prepare(change).run(1 + pick(1000), oneOf(heads(db), pick))
  },
  ...Object.fromEntries(
    ['hash', 'key_id', 'signature'].map((column): [string, Edit] => [
      `a byte of the ${column} of a head`,
      (db, pick) => changeText(db, 'audit_head', column, oneOf(heads(db), pick), pick),
    ]),
  ),
}

async function verifyCopy(change: (database: Database.Database) => void) {
  const database = new Database(image)
  try {
    change(database)
    return await verifyAudit({
      clusterName,
      events: database
        .prepare('select sequence, hash, json from audit_event order by sequence')
        .all() as ChainLink[],
      heads: database
        .prepare(
          'select sequence, hash, signed_at as signedAt, key_id as keyId, signature from audit_head order by sequence',
        )
        .all() as ChainHead[],
      keys,
      copies,
      trustedKeyIds: keys.map(({ id }) => id),
    })
  } finally {
    database.close()
  }
}

test('the copy itself holds', async () => {
  expect(await verifyCopy(() => {})).toMatchObject({ ok: true, eventsChecked: 21, unsignedTail: 0 })
})

test(`each of ${edits} random edits is found`, async () => {
  const names = Object.keys(kinds)
  const missed: string[] = []
  for (let seed = 0; seed < edits; seed++) {
    const name = names[seed % names.length] ?? ''
    const report = await verifyCopy((database) => kinds[name]?.(database, seeded(seed), 21))
    if (report.ok) missed.push(`${name} with seed ${seed}`)
  }
  expect(missed).toEqual([])
})
