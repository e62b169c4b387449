/**
 * Retention: what goes leaves a signed checkpoint, what stays verifies from it, and a beginning that somebody cut off with
 * the database alone is found, by the gateway and by whoever verifies.
 */
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { createFileHeadSink } from '../../src/audit/file-head-sink.js'
import { pruneAudit } from '../../src/audit/pruner.js'
import { AuditSequencer } from '../../src/audit/sequencer.js'
import { verifyAudit, type AuditEvidence } from '../../src/audit/verify.js'
import { checkpointText } from '../../src/core/audit/chain.js'
import { describeVerification } from '../../src/core/audit/verification.js'
import { day } from '../../src/core/time.js'
import { ManualClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import { openStore } from '../../src/store/sql/open.js'
import type { Store } from '../../src/store/store.js'
import { append, auditKeys, clusterName, HeldTimers, start } from './sample.js'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

/** Ten events on each of five days, each day's head signed, in a file, with the copies that the folder keeps. */
async function openHistory() {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-prune-'))
  folders.push(folder)
  const store = await openStore({ url: `sqlite:${join(folder, 'gatehouse.db')}` })
  const clock = new ManualClock(start)
  const keys = auditKeys(store, clock)
  const sinks = [createFileHeadSink(folder)]
  const open = () =>
    new AuditSequencer({
      ...{ store, keys, clock, clusterName, sinks },
      logger: createLogger('silent'),
      timers: new HeldTimers(),
    })
  const sequencer = open()
  for (let passed = 0; passed < 5; passed += 1) {
    await append(store, 10, clock.now())
    await sequencer.signHead()
    clock.advance(day)
  }
  const options = { store, keys, clock, random: systemRandom, clusterName, retentionDays: 30 }
  const prune = (more: Partial<Parameters<typeof pruneAudit>[0]> = {}) =>
    pruneAudit({ ...options, signHead: () => sequencer.signHead(), ...more })
  return { folder, store, clock, keys, open, prune, sequencer }
}

async function evidenceOf(store: Store, keys: AuditEvidence['keys']): Promise<AuditEvidence> {
  return {
    clusterName,
    events: await store.audit.list({ limit: 1000, order: 'asc' }),
    heads: await store.audit.listHeads(),
    checkpoint: await store.audit.lastCheckpoint(),
    keys,
  }
}

test('old events go up to a head, with an event that says so, and the rest verifies from the checkpoint', async () => {
  const { store, clock, keys, prune, sequencer } = await openHistory()
  const copies = (await store.audit.listHeads()).map((head) => ({ ...head, clusterName }))
  expect(await prune()).toBe(0)
  clock.advance(27 * day)
  // The key's own event is the eleventh.
  expect(await prune()).toBe(21)
  await sequencer.signHead()
  const [first] = await store.audit.list({ limit: 1, order: 'asc' })
  expect(first?.sequence).toBe(22)
  const evidence = await evidenceOf(store, await keys.list())
  expect(evidence.heads.map(({ sequence }) => sequence)).toContain(21)
  expect(evidence.heads.map(({ sequence }) => sequence)).not.toContain(11)
  const report = await verifyAudit({ ...evidence, copies })
  expect(report).toMatchObject({ ok: true, pruned: { through: 21, at: clock.now() }, unsignedTail: 0 })
  expect(describeVerification(report).join('\n')).toMatch(
    /- events 1 to 21 were pruned at \S+ under retention: that they were unchanged until then is proven only by copies/,
  )
  const [event] = await store.audit.list({ limit: 1, order: 'desc' })
  expect(JSON.parse(event?.json ?? '')).toMatchObject({
    event: 'audit.prune',
    sequence: 21,
    count: 21,
    user: 'system',
  })

  // A checkpoint that says otherwise does not agree with the copies, nor with its signature.
  const forged = { ...evidence.checkpoint, hash: 'e'.repeat(64) } as NonNullable<AuditEvidence['checkpoint']>
  const kinds = (await verifyAudit({ ...evidence, checkpoint: forged, copies })).breaks.map(
    ({ kind }) => kind,
  )
  expect(kinds).toEqual(expect.arrayContaining(['checkpoint_signature', 'rewritten']))
  expect((await verifyAudit({ ...evidence, checkpoint: undefined })).ok).toBe(false)
  await store[Symbol.asyncDispose]()
})

test('another process goes on signing over what was pruned, also where its own copy is older', async () => {
  const { store, clock, prune, open } = await openHistory()
  clock.advance(28 * day)
  expect(await prune({ atMost: 5 })).toBe(10)
  expect(await prune()).toBe(21)
  await using later = open()
  await append(store, 1, clock.now())
  await later.signHead()
  expect((await store.audit.lastHead())?.sequence).toBe((await store.audit.last())?.sequence)
  await store[Symbol.asyncDispose]()
})

test('what a sink waits for stays, and what does not hold stays as it is', async () => {
  const { folder, store, clock, prune } = await openHistory()
  clock.advance(28 * day)
  expect(await prune({ keptBack: () => Promise.resolve(12) })).toBe(10)
  const database = new Database(join(folder, 'gatehouse.db'))
  expect(() => database.exec('delete from audit_event where sequence = 11')).toThrow('append-only')
  expect(() => database.exec('delete from audit_checkpoint')).toThrow('append-only')
  database.exec('drop trigger audit_event_chain_once')
  database.exec(`update audit_event set json = replace(json, 'user-', 'other-') where sequence = 16`)
  database.close()
  await expect(prune()).rejects.toThrow(
    /audit events up to 31 are due under retention and stay: event 16 was edited/,
  )
  expect(await store.audit.first()).toBe(11)
  await store[Symbol.asyncDispose]()
})

test('a beginning that was cut off under a forged checkpoint stops the signing', async () => {
  const { folder, store, clock, open, keys } = await openHistory()
  const { privateKey } = generateKeyPairSync('ed25519')
  const database = new Database(join(folder, 'gatehouse.db'))
  const point = {
    sequence: 51,
    hash: 'e'.repeat(64),
    pruned: 51,
    firstAt: start,
    lastAt: start,
    prunedAt: start,
  }
  const signature = sign(null, Buffer.from(checkpointText(clusterName, point)), privateKey).toString(
    'base64url',
  )
  const add = 'insert into audit_checkpoint values (51, ?, 51, ?, ?, ?, ?, ?)'
  database.prepare(add).run(point.hash, start, start, start, 'forged', signature)
  // Whoever owns the database passes its own triggers with a checkpoint; the chain is the proof.
  database.exec('delete from audit_event where sequence <= 51')
  database.close()
  await append(store, 2, clock.now())
  await using later = open()
  await expect(later.signHead()).rejects.toThrow(
    /the audit chain was changed: event 51 is not the one that was signed/,
  )
  const evidence = await evidenceOf(store, await keys.list())
  expect((await verifyAudit(evidence)).breaks.map(({ kind }) => kind)).toContain('checkpoint_signature')
  await store[Symbol.asyncDispose]()
})
