/** @module Verification of a log from its parts: what it finds, and what only a copy kept elsewhere finds. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { Readable } from 'node:stream'
import { beforeAll, describe, expect, test } from 'vitest'
import { sha256Hex } from '../../src/audit/hash.js'
import { readExport } from '../../src/audit/export-file.js'
import type { SignedHead } from '../../src/audit/head-sink.js'
import { AuditSequencer } from '../../src/audit/sequencer.js'
import { verifyAudit, type AuditEvidence } from '../../src/audit/verify.js'
import { genesisHash, headText, linkInput } from '../../src/core/audit/chain.js'
import { endLine, headerLine, keyLine } from '../../src/core/audit/export.js'
import { ManualClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { openStore } from '../../src/store/sql/open.js'
import type { ChainedEvent } from '../../src/store/store.js'
import { append, auditKeys, clusterName, HeldTimers, ListSink, start } from './sample.js'

/** 3 events with the key's own, a head, 3 more, a head, and 1 unsigned one. */
let whole: AuditEvidence & { events: ChainedEvent[]; copies: SignedHead[] }
let keyId = ''

beforeAll(async () => {
  await using store = await openStore({ url: 'sqlite::memory:' })
  const clock = new ManualClock(start)
  const keys = auditKeys(store, clock)
  const sink = new ListSink()
  const logger = createLogger('silent')
  const options = { store, keys, clock, logger, clusterName, sinks: [sink], timers: new HeldTimers() }
  const sequencer = new AuditSequencer(options)
  keyId = (await keys.current()).id
  await append(store, 2)
  await sequencer.signHead()
  await append(store, 3)
  await sequencer.signHead()
  await append(store, 1)
  await sequencer.flush()
  whole = {
    clusterName,
    events: await store.audit.list({ limit: 100, order: 'asc' }),
    heads: await store.audit.listHeads(),
    keys: await keys.list(),
    copies: sink.heads,
  }
})

const evidence = (changes: Partial<AuditEvidence> = {}): AuditEvidence => ({
  ...whole,
  copies: undefined,
  ...changes,
})

/** The same history with another text at `index`, every hash made anew. */
function rewrite(events: readonly ChainedEvent[], index: number): ChainedEvent[] {
  let previous = genesisHash
  return events.map((event, i) => {
    const json = i === index ? event.json.replace('user-', 'someone-') : event.json
    previous = sha256Hex(linkInput(previous, json))
    return { sequence: i + 1, hash: previous, json }
  })
}

describe('a whole log', () => {
  test('verifies, and its unsigned tail is counted', async () => {
    expect(await verifyAudit(evidence())).toEqual({
      ok: true,
      clusterName,
      eventsChecked: 7,
      headsChecked: 2,
      copiesChecked: 0,
      last: { sequence: 7, hash: whole.events[6]?.hash },
      lastSignedHead: { sequence: 6, signedAt: start, keyId },
      unsignedTail: 1,
      keysPinned: false,
      source: 'gateway',
      breaks: [],
      breaksFound: 0,
    })
  })

  test('verifies with a copy of the heads and a pinned key, read as a stream', async () => {
    async function* events() {
      for (const event of whole.events) yield event
    }
    const report = await verifyAudit({ ...whole, events: events(), trustedKeyIds: [keyId] })
    expect(report).toMatchObject({ ok: true, headsChecked: 4, copiesChecked: 2, keysPinned: true })
  })

  test('without any event or head verifies, and proves nothing', async () => {
    const report = await verifyAudit(evidence({ events: [], heads: [] }))
    expect(report).toMatchObject({ ok: true, lastSignedHead: undefined, unsignedTail: 0 })
  })
})

describe('found is', () => {
  const kinds = async (changes: Partial<AuditEvidence>) => {
    const report = await verifyAudit(evidence(changes))
    expect(report.ok).toBe(false)
    expect(report.breaksFound).toBe(report.breaks.length)
    return report.breaks.map(({ sequence, kind }) => `${kind} ${sequence}`)
  }

  test('an edited event', async () => {
    const events = whole.events.map((event, i) => (i === 4 ? { ...event, json: '{}' } : event))
    expect(await kinds({ events })).toEqual(['edited 5'])
  })

  test('every break, not only the first', async () => {
    const events = whole.events.map((event, i) => (i % 2 === 0 ? { ...event, json: '{}' } : event))
    expect(await kinds({ events })).toEqual(['edited 1', 'edited 3', 'edited 5', 'edited 7'])
  })

  test('a history rewritten with all its hashes, by the heads', async () => {
    expect(await kinds({ events: rewrite(whole.events, 1) })).toEqual(['rewritten 3', 'rewritten 6'])
    expect(await kinds({ events: rewrite(whole.events, 4) })).toEqual(['rewritten 6'])
  })

  test('an end cut off below the last head', async () => {
    expect(await kinds({ events: whole.events.slice(0, 5) })).toEqual(['truncated 6'])
    expect(await kinds({ events: [] })).toEqual(['truncated 3', 'truncated 6'])
  })

  test('a removed event that was signed', async () => {
    expect(await kinds({ events: whole.events.filter((_, i) => i !== 2) })).toEqual([
      'removed 3',
      'removed 3',
    ])
  })

  test('a head with another hash, time, place or cluster', async () => {
    const [first, second] = whole.heads
    if (!first || !second) throw new Error('no heads')
    const hash = 'e'.repeat(64)
    for (const change of [{ hash }, { signedAt: start + 1 }, { signature: 'AAAA' }, { signature: '' }]) {
      expect(await kinds({ heads: [{ ...first, ...change }, second] })).toEqual(['head_signature 3'])
    }
    expect(await kinds({ heads: [{ ...first, sequence: 4 }, second] })).toEqual(['head_signature 4'])
    expect(await kinds({ clusterName: 'other' })).toEqual(['head_signature 3', 'head_signature 6'])
  })

  test('a head by a key that nobody knows', async () => {
    expect(await kinds({ keys: [] })).toEqual(['head_unknown_key 3', 'head_unknown_key 6'])
  })

  test('an exchanged key, only where the true one was noted elsewhere', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const der = publicKey.export({ type: 'spki', format: 'der' })
    const forgedId = createHash('sha256').update(der).digest('base64url')
    const events = rewrite(whole.events, 1)
    const hash = events[5]?.hash ?? ''
    const signature = sign(null, Buffer.from(headText(clusterName, 6, hash, start)), privateKey).toString(
      'base64url',
    )
    const forged = {
      events,
      heads: [{ sequence: 6, hash, signedAt: start, keyId: forgedId, signature }],
      keys: [{ id: forgedId, publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() }],
    }
    expect(await verifyAudit(evidence(forged))).toMatchObject({ ok: true, keysPinned: false })
    expect(await kinds({ ...forged, trustedKeyIds: [keyId] })).toEqual(['head_unknown_key 6'])
    expect(await kinds({ ...forged, copies: whole.copies, keys: [...forged.keys, ...whole.keys] })).toEqual([
      'rewritten 3',
      'rewritten 6',
    ])
  })

  test('an end cut off with its heads, only by a copy kept elsewhere', async () => {
    const cut = { events: whole.events.slice(0, 4), heads: whole.heads.slice(0, 1) }
    expect(await verifyAudit(evidence(cut))).toMatchObject({ ok: true, unsignedTail: 1 })
    expect(await kinds({ ...cut, copies: whole.copies })).toEqual(['truncated 6'])
  })

  test('a copy of another cluster', async () => {
    const copies = whole.copies.map((head) => ({ ...head, clusterName: 'other' }))
    expect(await kinds({ copies })).toEqual(['head_signature 3', 'head_signature 6'])
  })
})

describe('made-up events', () => {
  const forge = (n: number, from = 0, previous = genesisHash) =>
    Array.from({ length: n }, (_, i) => {
      const json = JSON.stringify({ event: 'user.login', i })
      previous = sha256Hex(linkInput(previous, json))
      return { sequence: from + i + 1, hash: previous, json }
    })
  const kindsOf = async (changes: Partial<AuditEvidence>) => {
    const report = await verifyAudit({ ...whole, source: 'file', trustedKeyIds: [keyId], ...changes })
    expect(report.ok).toBe(report.breaksFound === 0)
    return report.breaks.map(({ sequence, kind }) => `${kind} ${sequence}`)
  }
  const excerptOf = (after: number, startHash: string, through: number) => ({ after, startHash, through })

  test('in an excerpt are found without a head at its end, though heads and keys are genuine', async () => {
    const hash = whole.heads[0]?.hash ?? ''
    const alone = { events: forge(2), excerpt: excerptOf(0, genesisHash, 2) }
    expect(await kindsOf(alone)).toEqual(['end_unproven 2'])
    const behind = { events: forge(2, 3, hash), excerpt: excerptOf(3, hash, 5) }
    expect(await kindsOf(behind)).toEqual(['end_unproven 5'])
    const genuine = { events: whole.events.slice(3, 6), excerpt: excerptOf(3, hash, 6) }
    expect(await kindsOf(genuine)).toEqual([])
  })

  test('in a whole file are found without any head where keys are pinned or heads are given', async () => {
    const bare = { events: forge(2), heads: [], copies: undefined }
    expect(await kindsOf(bare)).toEqual(['end_unproven 2'])
    expect(await kindsOf({ ...bare, trustedKeyIds: undefined, copies: [] })).toEqual(['end_unproven 2'])
    expect(await kindsOf({ ...bare, trustedKeyIds: undefined })).toEqual([])
    expect(await kindsOf({})).toEqual([])
  })
})

describe('a file is refused at', () => {
  const header = headerLine({
    clusterName,
    holds: 'all',
    filter: {},
    after: 0,
    startHash: genesisHash,
    through: 0,
    excerpt: false,
  })
  const key = keyLine({ id: 'x', publicKeyPem: 'x' })
  test.each([
    ['the first line after its end', endLine(0) + endLine(0), 'line 3 stands after the end'],
    ['the key after a hundred', key.repeat(101) + endLine(0), 'line 102 is one key too many'],
  ])('%s', async (_, lines, message) => {
    const open = () => Readable.from([Buffer.from(header + lines)])
    await expect(readExport(open, 'x')).rejects.toThrow(message)
  })
})

test('of many breaks the first hundred are told and all are counted', async () => {
  const events = Array.from({ length: 150 }, (_, i) => ({ sequence: i + 1, hash: 'x', json: '{}' }))
  const report = await verifyAudit(evidence({ events, heads: [] }))
  expect([report.breaks.length, report.breaksFound]).toEqual([100, 150])
})

test.each([
  ['no PEM', () => 'x', /is no public key in PEM form/],
  ['of RSA', () => rsaPem(), /is not the Ed25519 key that its ID names/],
  ['another than its ID names', () => ed25519Pem(), /is not the Ed25519 key that its ID names/],
])('a key that is %s is refused', async (_, pem, message) => {
  await expect(verifyAudit(evidence({ keys: [{ id: keyId, publicKeyPem: pem() }] }))).rejects.toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(message) as string }),
  )
})

function rsaPem(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString()
}

function ed25519Pem(): string {
  return generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()
}
