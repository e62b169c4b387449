/** @module The sequencer over a real store: chaining, signing at intervals, sinks, failures. */
import { verify } from 'node:crypto'
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFileHeadSink } from '../../src/audit/file-head-sink.js'
import { sha256Hex } from '../../src/audit/hash.js'
import { parseHeadLines } from '../../src/audit/head-sink.js'
import { AuditSequencer, type AuditSequencerOptions } from '../../src/audit/sequencer.js'
import { chainStart, headText, linkInput, verifyChain } from '../../src/core/audit/chain.js'
import { minute } from '../../src/core/time.js'
import { ManualClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { openStore } from '../../src/store/sql/open.js'
import type { Store } from '../../src/store/store.js'
import { createPostgresSchema } from '../support/postgres.js'
import { append, auditKeys, clusterName, HeldTimers, ListSink, start } from './sample.js'

const gatherMs = 20
const headEveryMs = minute
const firstHeadMs = 5000

let store: Store
let clock: ManualClock
let timers: HeldTimers
let sink: ListSink
let log: string
beforeEach(async () => {
  store = await openStore({ url: 'sqlite::memory:' })
  clock = new ManualClock(start)
  timers = new HeldTimers()
  sink = new ListSink()
  log = ''
})
afterEach(async () => {
  await store[Symbol.asyncDispose]()
})

const logger = createLogger(
  'info',
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      log += chunk.toString()
      done()
    },
  }),
)

function sequencer(options: Partial<AuditSequencerOptions> = {}): AuditSequencer {
  return new AuditSequencer({
    store,
    keys: auditKeys(store, clock),
    clock,
    logger,
    clusterName,
    sinks: [sink],
    gatherMs,
    headEveryMs,
    firstHeadMs,
    headEveryEvents: 10,
    timers,
    ...options,
  })
}

const chained = () => store.audit.list({ limit: 5000, order: 'asc' })

describe('events', () => {
  test('join the chain in commit order, without gaps, in batches of any number', async () => {
    await using sequence = sequencer({ headEveryEvents: 100_000 })
    await append(store, 3)
    await sequence.flush()
    await append(store, 1200)
    await sequence.flush()
    const events = await chained()
    expect(events).toHaveLength(1203)
    expect(verifyChain(events, { ...chainStart, hash: sha256Hex })).toMatchObject({ ok: true })
  }, 60_000)

  test('that were woken for wait a moment, so that a burst is chained at once', async () => {
    await using sequence = sequencer()
    await append(store, 2)
    sequence.wake()
    sequence.wake()
    expect(timers.delays).toEqual([gatherMs])
    expect(await chained()).toEqual([])
    timers.fire(gatherMs)
    await sequence.flush()
    expect(await chained()).toHaveLength(2)
  })

  test('are chained and signed before the sequencer stops, and a later wake does nothing', async () => {
    const sequence = sequencer()
    await append(store, 2)
    await sequence[Symbol.asyncDispose]()
    await sequence[Symbol.asyncDispose]()
    expect(sink.heads.map(({ sequence: at }) => at)).toEqual([(await chained()).length])
    sequence.wake()
    expect(timers.delays).toEqual([])
  })

  test('without any, nothing is chained, signed or waited for', async () => {
    const sequence = sequencer()
    await sequence.flush()
    await sequence[Symbol.asyncDispose]()
    expect([await store.audit.last(), await store.audit.listHeads(), timers.delays]).toEqual([
      undefined,
      [],
      [],
    ])
  })
})

describe('a head is signed', () => {
  test('after enough events, over what core/audit/chain.ts says, and goes to store and sinks', async () => {
    await using sequence = sequencer()
    await append(store, 9)
    await sequence.flush()
    expect(sink.heads).toEqual([])
    await append(store, 1)
    clock.advance(5)
    await sequence.flush()
    // The signature follows in the background; the next in the queue waits for it.
    await sequence.flush()
    const [head] = await store.audit.listHeads()
    if (head === undefined) throw new Error('no head')
    expect(sink.heads).toEqual([{ clusterName, ...head }])
    expect(head).toMatchObject({ sequence: 10, hash: (await chained())[9]?.hash, signedAt: start + 5 })
    const key = await auditKeys(store, clock).current()
    expect(head.keyId).toBe(key.id)
    const text = Buffer.from(headText(clusterName, 10, head.hash, start + 5))
    expect(verify(null, text, key.publicKeyPem, Buffer.from(head.signature, 'base64url'))).toBe(true)
  })

  test('soon after the first event, later a while after the first unsigned one, and else not', async () => {
    await using sequence = sequencer()
    await auditKeys(store, clock).current() // its event is the first
    await append(store, 1)
    await sequence.flush()
    await sequence.flush()
    expect(timers.delays).toEqual([firstHeadMs])
    timers.fire(firstHeadMs)
    await sequence.flush()
    expect(sink.heads.map(({ sequence: at }) => at)).toEqual([2])
    expect(timers.delays).toEqual([])
    await append(store, 1)
    await sequence.flush()
    expect(timers.delays).toEqual([headEveryMs])
    timers.fire(headEveryMs)
    await sequence.flush()
    expect(sink.heads.map(({ sequence: at }) => at)).toEqual([2, 3])
  })

  test('once, where two processes watch the same place', async () => {
    await auditKeys(store, clock).current()
    await append(store, 1)
    await using one = sequencer()
    await using two = sequencer()
    await one.signHead()
    await two.signHead()
    expect(await store.audit.listHeads()).toHaveLength(1)
    expect(sink.heads).toHaveLength(1)
  })

  test('never over a chain that no longer holds what was signed before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-audit-'))
    const path = join(folder, 'g.db')
    try {
      await using attacked = await openStore({ url: `sqlite:${path}` })
      const sequence = sequencer({ store: attacked, keys: auditKeys(attacked, clock) })
      await append(attacked, 3)
      await sequence.signHead()
      const database = new Database(path)
      // Whoever may write to the database may also take its guards away.
      const guards = database.prepare<[], string>("select name from sqlite_master where type = 'trigger'")
      for (const name of guards.pluck().all()) database.exec(`drop trigger "${name}"`)
      database.prepare('update audit_event set hash = ? where sequence = 3').run('f'.repeat(64))
      database.close()
      await append(attacked, 3)
      await expect(sequence.signHead()).rejects.toThrow(
        expect.objectContaining({
          code: 'INTERNAL',
          message: expect.stringContaining(
            'the audit chain was changed: event 3 is not the one that was signed',
          ) as string,
        }),
      )
      await sequence[Symbol.asyncDispose]()
      expect(sink.heads.map(({ sequence: at }) => at)).toEqual([3])
      expect(log).toContain('the audit chain was changed')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('a process that finds a chain of earlier ones', () => {
  /** Rewrites every event and link and takes the heads away, as someone with the database but no key would. */
  function forge(path: string): void {
    const database = new Database(path)
    const guards = database.prepare<[], string>("select name from sqlite_master where type = 'trigger'")
    for (const name of guards.pluck().all()) database.exec(`drop trigger "${name}"`)
    database.exec('delete from audit_head')
    let previous = chainStart.startHash
    const rows = database.prepare<[], { id: number; json: string }>(
      'select id, json from audit_event order by sequence',
    )
    for (const { id, json } of rows.all()) {
      const forged = json.replace('"success":true', '"success":false')
      previous = sha256Hex(linkInput(previous, forged))
      database.prepare('update audit_event set json = ?, hash = ? where id = ?').run(forged, previous, id)
    }
    database.close()
  }

  test.each(['with its heads removed', 'cut at its end'])(
    'signs nothing over one that was forged, %s',
    async (how) => {
      const folder = await mkdtemp(join(tmpdir(), 'gatehouse-audit-'))
      const path = join(folder, 'g.db')
      const sinks = [createFileHeadSink(folder)]
      try {
        {
          await using opened = await openStore({ url: `sqlite:${path}` })
          await using first = sequencer({ store: opened, keys: auditKeys(opened, clock), sinks })
          await append(opened, 3)
          await first.signHead()
        }
        if (how === 'cut at its end') {
          const database = new Database(path)
          database.exec('drop trigger audit_event_no_delete; drop trigger audit_head_no_delete')
          database.exec('delete from audit_event where sequence >= 3; delete from audit_head')
          database.close()
        } else {
          forge(path)
        }
        await using opened = await openStore({ url: `sqlite:${path}` })
        const second = sequencer({ store: opened, keys: auditKeys(opened, clock), sinks })
        await expect(second.signHead()).rejects.toThrow(
          /the audit chain was changed: event \d is not the one/,
        )
        // Reading the log goes on: it is what shows the damage.
        await append(opened, 30)
        await second.flush()
        await second[Symbol.asyncDispose]()
        expect(await opened.audit.listHeads()).toEqual([])
        expect(log).toContain('the audit chain was changed')
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  )

  test('goes on over one that is whole, also after a line of the file was cut off by a crash', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-audit-'))
    const sinks = [createFileHeadSink(folder)]
    try {
      await append(store, 3)
      await using first = sequencer({ sinks })
      await first.signHead()
      await appendFile(join(folder, 'audit-heads.jsonl'), '{"cluster_name":"gate')
      await append(store, 2)
      await using second = sequencer({ sinks })
      await second.signHead()
      const heads = await store.audit.listHeads()
      expect(heads).toHaveLength(2)
      const file = join(folder, 'audit-heads.jsonl')
      const kept = parseHeadLines(await readFile(file, 'utf8'), file)
      expect(kept.map(({ sequence }) => sequence)).toEqual(heads.map(({ sequence }) => sequence))
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('failures', () => {
  test('of the store are told to whoever flushes, logged in the background and tried again', async () => {
    const sequence = sequencer()
    await append(store, 1)
    await store[Symbol.asyncDispose]()
    await expect(sequence.flush()).rejects.toThrow()
    sequence.wake()
    timers.fire(gatherMs)
    await sequence.flush().catch(() => undefined)
    expect(log).toContain('the audit chain could not be extended; it is tried again soon')
    expect(timers.delays).toEqual([firstHeadMs])
    timers.fire(firstHeadMs)
    await sequence.flush().catch(() => undefined)
    expect(timers.delays).toEqual([headEveryMs])
    store = await openStore({ url: 'sqlite::memory:' })
  })

  test('of a sink leave the chain alone, are logged, and the newest head is handed over later', async () => {
    await using sequence = sequencer()
    sink.refuses = true
    await append(store, 2)
    await sequence.signHead()
    await append(store, 2)
    await sequence.signHead()
    expect(log).toContain('a sink did not take a signed audit head')
    expect(log).toContain('disk full')
    expect(await store.audit.listHeads()).toHaveLength(2)
    sink.refuses = false
    timers.fire(headEveryMs)
    await sequence.flush()
    const heads = await store.audit.listHeads()
    expect(sink.heads.at(-1)).toMatchObject({ signature: heads.at(-1)?.signature })
  })
})

test('several replicas on PostgreSQL make one key and one chain', async () => {
  const url = await createPostgresSchema()
  const stores = await Promise.all([openStore({ url }), openStore({ url }), openStore({ url })])
  try {
    const sequencers = stores.map((replica) =>
      sequencer({ store: replica, keys: auditKeys(replica, clock), headEveryEvents: 5 }),
    )
    await Promise.all(
      stores.map(async (replica, i) => {
        for (let n = 0; n < 10; n++) {
          await append(replica, 2)
          await sequencers[i]?.flush()
        }
      }),
    )
    for (const each of sequencers) await each[Symbol.asyncDispose]()
    const [first] = stores
    if (first === undefined) throw new Error('no store')
    const events = await first.audit.list({ limit: 1000, order: 'asc' })
    expect(events).toHaveLength(61)
    expect(verifyChain(events, { ...chainStart, hash: sha256Hex })).toMatchObject({ ok: true })
    expect(await first.keys.list('audit')).toHaveLength(1)
    expect((await first.audit.listHeads()).at(-1)?.sequence).toBe(61)
  } finally {
    for (const replica of stores) await replica[Symbol.asyncDispose]()
  }
}, 60_000)

test('the file sink appends a line for each head, for its owner alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-heads-'))
  try {
    const file = createFileHeadSink(folder)
    const head = {
      clusterName,
      sequence: 1,
      hash: 'a'.repeat(64),
      signedAt: start,
      keyId: 'k',
      signature: 's',
    }
    await file.write(head)
    await file.write({ ...head, sequence: 2 })
    const path = join(folder, 'audit-heads.jsonl')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const text = await readFile(path, 'utf8')
    expect(text.split('\n')[0]).toBe(
      `{"cluster_name":"gate.example.com","sequence":1,"hash":"${'a'.repeat(64)}",` +
        '"signed_at":"2027-01-15T08:00:00.000Z","key_id":"k","signature":"s"}',
    )
    expect(parseHeadLines(text, path)).toEqual([head, { ...head, sequence: 2 }])
    await expect(createFileHeadSink(join(folder, 'missing')).write(head)).rejects.toThrow(/ENOENT/)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test.each([
  '{"sequence":1',
  '[]',
  '{"cluster_name":"a","sequence":1,"hash":"b","signed_at":"c","key_id":"d","signature":"e"}',
])('a line that is no head is refused with its number: %s', (line) => {
  expect(() => parseHeadLines(`\n${line}\n`, 'heads.jsonl')).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      message: 'heads.jsonl: line 2 is no signed audit head; was it cut off?',
    }),
  )
})
