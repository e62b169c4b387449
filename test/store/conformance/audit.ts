/** @module Conformance of the audit log, its chain, signing keys and single values. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type {
  AuditFilter,
  AuditSummaryFilter,
  ChainHead,
  Store,
  StoredKey,
} from '../../../src/store/store.js'
import { anEvent, minute, now, open, refusal, type Engine } from './engine.js'

export const link = (previousHash: string, json: string): string =>
  createHash('sha256').update(previousHash).update(json).digest('hex')

const genesis = '0'.repeat(64)

export async function uids(store: Store, filter: Partial<AuditFilter> = {}): Promise<unknown[]> {
  const events = await store.audit.list({ limit: 100, order: 'asc', ...filter })
  return events.map(({ json }) => (JSON.parse(json) as { uid: string }).uid)
}

async function withEvents(store: Store): Promise<void> {
  await store.audit.append(anEvent('1', { event: 'user.login', user: 'alice' }, now))
  await store.audit.append(anEvent('2', { event: 'user.create', user: 'admin' }, now + minute))
  await store.audit.append(anEvent('3', { event: 'user.login', user: 'bob' }, now + 2 * minute))
  await store.audit.append(
    anEvent('4', { event: 'saml.idp.auth', user: 'alice', success: false }, now + 3 * minute),
  )
  await store.audit.append(anEvent('5', { event: 'session.end', user: undefined }, now + 4 * minute))
  expect(await store.audit.chain(10, link)).toBe(5)
}

export function auditConformance(engine: Engine): void {
  describe('audit log', () => {
    test('events join the chain in the order of insertion, each linked to the one before', async () => {
      const store = await open(await engine.newUrl())
      const events = ['a', 'b', 'c'].map((uid) => anEvent(uid, { fields: { text: 'ü\0\ud800"' } }))
      for (const event of events) await store.audit.append(event)
      expect(await store.audit.chain(2, link)).toBe(2)
      expect(await store.audit.chain(2, link)).toBe(1)
      expect(await store.audit.chain(2, link)).toBe(0)
      const [first, second, third] = events.map((event) => JSON.stringify(event))
      const one = link(genesis, first ?? '')
      const two = link(one, second ?? '')
      const three = link(two, third ?? '')
      expect(await store.audit.list({ limit: 9, order: 'asc' })).toEqual([
        { sequence: 1, hash: one, json: first },
        { sequence: 2, hash: two, json: second },
        { sequence: 3, hash: three, json: third },
      ])
      expect(await store.audit.last()).toEqual({ sequence: 3, hash: three })
    })

    test('an event is listed from when it is chained', async () => {
      const store = await open(await engine.newUrl())
      expect(await store.audit.last()).toBeUndefined()
      await store.audit.append(anEvent('a'))
      expect([await uids(store), await store.audit.findByUid('a')]).toEqual([[], undefined])
      await store.audit.chain(10, link)
      expect(await store.audit.findByUid('a')).toMatchObject({ sequence: 1 })
      expect(await store.audit.findByUid('b')).toBeUndefined()
    })

    test('events are filtered by type, user and time', async () => {
      const store = await open(await engine.newUrl())
      await withEvents(store)
      expect(await uids(store)).toEqual(['1', '2', '3', '4', '5'])
      expect(await uids(store, { types: ['user.login'] })).toEqual(['1', '3'])
      expect(await uids(store, { types: ['user.login', 'session.end'] })).toEqual(['1', '3', '5'])
      expect(await uids(store, { types: ['none'] })).toEqual([])
      expect(await uids(store, { user: 'alice' })).toEqual(['1', '4'])
      expect(await uids(store, { success: false })).toEqual(['4'])
      expect(await uids(store, { success: true, user: 'alice' })).toEqual(['1'])
      expect(await uids(store, { user: 'Alice' })).toEqual([])
      expect(await uids(store, { user: 'alice', types: ['saml.idp.auth'] })).toEqual(['4'])
      expect(await uids(store, { from: now + minute, to: now + 3 * minute })).toEqual(['2', '3'])
    })

    test('bounds of a time are those of its events, and pages end where they are told to', async () => {
      const store = await open(await engine.newUrl())
      expect([await store.audit.first(), await store.audit.bounds({ from: 0, to: now })]).toEqual([
        undefined,
        undefined,
      ])
      await withEvents(store)
      expect(await store.audit.first()).toBe(1)
      expect(await store.audit.bounds({ from: 0, to: now + 30 * minute })).toEqual({ first: 1, last: 5 })
      expect(await store.audit.bounds({ from: now + minute, to: now + 3 * minute })).toEqual({
        first: 2,
        last: 3,
      })
      expect(await uids(store, { cursor: 1, until: 3 })).toEqual(['2', '3'])
      expect(await uids(store, { order: 'desc', cursor: 5, until: 3 })).toEqual(['4', '3'])
    })

    test('what is pruned leaves its checkpoint, and nothing else can be deleted', async () => {
      const store = await open(await engine.newUrl())
      await withEvents(store)
      const head = { hash: 'h', signedAt: now, keyId: 'k', signature: 's' }
      for (const sequence of [2, 3, 5]) await store.audit.addHead({ ...head, sequence })
      expect(await store.audit.lastCheckpoint()).toBeUndefined()
      const times = { firstAt: now, lastAt: now + 2 * minute, prunedAt: now + 9 * minute }
      const point = { sequence: 3, hash: 'h', pruned: 3, ...times, keyId: 'k', signature: 's' }
      expect(await store.transaction(async (tx) => await tx.audit.prune(point))).toBe(3)
      expect(await store.audit.lastCheckpoint()).toEqual(point)
      expect(await uids(store)).toEqual(['4', '5'])
      expect((await store.audit.listHeads()).map(({ sequence }) => sequence)).toEqual([3, 5])
      expect(await store.audit.findByUid('1')).toBeUndefined()
      expect(await store.audit.chain(10, link)).toBe(0)
      await store.audit.append(anEvent('6'))
      await store.audit.chain(10, link)
      expect(await store.audit.last()).toMatchObject({ sequence: 6 })
      await expect(store.audit.prune(point)).rejects.toThrow()
    })

    test('pages follow the cursor in both directions', async () => {
      const store = await open(await engine.newUrl())
      await withEvents(store)
      expect(await uids(store, { limit: 2 })).toEqual(['1', '2'])
      expect(await uids(store, { limit: 2, cursor: 2 })).toEqual(['3', '4'])
      expect(await uids(store, { limit: 2, order: 'desc' })).toEqual(['5', '4'])
      expect(await uids(store, { limit: 2, order: 'desc', cursor: 4 })).toEqual(['3', '2'])
      expect(await uids(store, { order: 'desc', cursor: 4, user: 'alice' })).toEqual(['1'])
    })

    test('events are counted by time, type and user, from their range alone', async () => {
      const store = await open(await engine.newUrl())
      await withEvents(store)
      await store.audit.append(anEvent('unchained', {}, now))
      const range = { from: now, to: now + 4 * minute, bucketMs: 2 * minute }
      expect(await store.audit.summarise(range)).toEqual({
        buckets: [
          { succeeded: 2, failed: 0 },
          { succeeded: 1, failed: 1 },
        ],
        types: [
          { name: 'user.login', count: 2 },
          { name: 'saml.idp.auth', count: 1 },
          { name: 'user.create', count: 1 },
        ],
        users: [
          { name: 'alice', count: 2 },
          { name: 'admin', count: 1 },
          { name: 'bob', count: 1 },
        ],
      })
    })

    test('counts follow the filters, and a last bucket may be shorter', async () => {
      const store = await open(await engine.newUrl())
      await withEvents(store)
      const range = { from: now, to: now + 5 * minute, bucketMs: 3 * minute }
      const counted = async (filter: Partial<AuditSummaryFilter>) => {
        const { buckets, types, users } = await store.audit.summarise({ ...range, ...filter })
        return [buckets.map(({ succeeded, failed }) => [succeeded, failed]), types.length, users.length]
      }
      expect(await counted({})).toEqual([
        [
          [3, 0],
          [1, 1],
        ],
        4,
        3,
      ])
      expect(await counted({ types: ['user.login'] })).toEqual([
        [
          [2, 0],
          [0, 0],
        ],
        1,
        2,
      ])
      expect(await counted({ types: [] })).toEqual(await counted({}))
      expect(await counted({ user: 'alice' })).toEqual([
        [
          [1, 0],
          [0, 1],
        ],
        2,
        1,
      ])
      expect(await counted({ user: 'Alice' })).toEqual([
        [
          [0, 0],
          [0, 0],
        ],
        0,
        0,
      ])
      expect(await counted({ user: 'a\0' })).toEqual(await counted({ user: 'Alice' }))
      expect(await counted({ success: false })).toEqual([
        [
          [0, 0],
          [0, 1],
        ],
        1,
        1,
      ])
      expect(await counted({ success: true, user: 'alice' })).toEqual([
        [
          [1, 0],
          [0, 0],
        ],
        1,
        1,
      ])
      expect(await counted({ from: now + 10 * minute, to: now + 11 * minute })).toEqual([[[0, 0]], 0, 0])
    })

    test('an event of a change that was rolled back never was', async () => {
      const store = await open(await engine.newUrl())
      const failing = store.transaction(async (tx) => {
        await tx.audit.append(anEvent('lost'))
        await tx.meta.put('k', 'lost')
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      await store.transaction((tx) => tx.audit.append(anEvent('kept')))
      expect(await store.audit.chain(10, link)).toBe(1)
      expect([await uids(store), await store.meta.find('k')]).toEqual([['kept'], undefined])
    })

    test('an event without an instant is refused', async () => {
      const store = await open(await engine.newUrl())
      const event = { ...anEvent('a'), time: 'yesterday' }
      expect((await refusal(store.audit.append(event), 'INTERNAL')).message).toBe(
        'audit event a: "yesterday" is not an instant',
      )
    })

    test('heads are listed in order, and the first signature of a place stays', async () => {
      const { audit } = await open(await engine.newUrl())
      const head = (sequence: number, signature = 's'): ChainHead => ({
        sequence,
        hash: 'h',
        signedAt: now,
        keyId: 'k',
        signature,
      })
      for (const one of [head(9), head(3), head(3, 'other'), head(5)]) await audit.addHead(one)
      expect(await audit.listHeads()).toEqual([head(3), head(5), head(9)])
      expect(await audit.listHeads({ afterSequence: 3, limit: 1 })).toEqual([head(5)])
    })

    const query = engine.query?.bind(engine)
    if (query) {
      test('the database itself refuses to change or delete records', async () => {
        const url = await engine.newUrl()
        const store = await open(url)
        await store.audit.append(anEvent('chained'))
        await store.audit.chain(1, link)
        await store.audit.append(anEvent('waiting'))
        await store.audit.addHead({ sequence: 1, hash: 'h', signedAt: now, keyId: 'k', signature: 's' })
        const statements = [
          `update audit_event set json = '{}' where uid = 'chained'`,
          `update audit_event set hash = 'x' where uid = 'chained'`,
          `update audit_event set sequence = null, hash = null where uid = 'chained'`,
          `update audit_event set sequence = 9, hash = 'x', json = '{}' where uid = 'waiting'`,
          `update audit_event set user_name = null where uid = 'waiting'`,
          `delete from audit_event where uid = 'chained'`,
          `delete from audit_event where uid = 'waiting'`,
          `update audit_head set signature = 'x'`,
          `delete from audit_head`,
        ]
        for (const statement of statements) {
          await expect(query(url, statement), statement).rejects.toThrow('audit records are append-only')
        }
        expect(await store.audit.chain(9, link)).toBe(1)
      })
    }
  })

  describe('keys and single values', () => {
    const aKey = (id: string, changes: Partial<StoredKey> = {}): StoredKey => ({
      id,
      purpose: 'saml',
      state: 'next',
      sealedPrivateKey: 'sealed',
      publicKeyPem: 'public',
      certificatePem: 'certificate',
      createdAt: now,
      notAfter: now + minute,
      ...changes,
    })

    test('keys are listed for their purpose, oldest first, and change state', async () => {
      const { keys } = await open(await engine.newUrl())
      const audit = aKey('audit', { purpose: 'audit', certificatePem: undefined, notAfter: undefined })
      for (const key of [aKey('b', { createdAt: now + 1 }), aKey('a'), audit]) await keys.create(key)
      await keys.setState('a', 'current')
      expect(await keys.list('saml')).toEqual([
        aKey('a', { state: 'current' }),
        aKey('b', { createdAt: now + 1 }),
      ])
      expect(await keys.list('audit')).toEqual([audit])
      expect((await refusal(keys.setState('none', 'retired'), 'NOT_FOUND')).message).toBe(
        'there is no signing key "none"',
      )
    })

    test('a key is deleted once, and the others stay', async () => {
      const { keys } = await open(await engine.newUrl())
      for (const key of [aKey('a'), aKey('b')]) await keys.create(key)
      expect(await keys.delete('a')).toBe(true)
      expect(await keys.delete('a')).toBe(false)
      expect(await keys.list('saml')).toEqual([aKey('b')])
    })

    test('a value is kept, replaced, or kept for whoever came first', async () => {
      const { meta } = await open(await engine.newUrl())
      expect(await meta.find('k')).toBeUndefined()
      expect(await meta.putIfAbsent('k', 'first')).toBe('first')
      expect(await meta.putIfAbsent('k', 'second')).toBe('first')
      await meta.put('k', 'third')
      expect(await meta.find('k')).toBe('third')
    })

    test('the names of the store itself cannot be overwritten', async () => {
      const { meta } = await open(await engine.newUrl())
      const message = 'the meta key "store.generation" belongs to the store; choose a name without "store."'
      expect((await refusal(meta.put('store.generation', '9'), 'INTERNAL')).message).toBe(message)
      expect((await refusal(meta.putIfAbsent('store.generation', '9'), 'INTERNAL')).message).toBe(message)
    })
  })
}
