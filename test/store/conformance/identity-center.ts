/** @module Conformance of what the sync remembers: what it saw, bonds, ledger, changes, approvals, leases, tokens, notes. */
import { describe, expect, test } from 'vitest'
import type { LedgerEntry, Link } from '../../../src/core/identity-center/observation.js'
import type { ChangeRecord, ScimToken, SeenObject } from '../../../src/store/store.js'
import { countTrue, hour, minute, now, open, refusal, type Engine } from './engine.js'

const seen = (id: string, document: unknown = { id }): SeenObject => ({ id, document, seenAt: now })

function aLink(name: string, awsId: string, changes: Partial<Link> = {}): Link {
  return {
    kind: 'user',
    name,
    awsId,
    origin: 'created',
    linkedAt: now,
    unwantedSince: undefined,
    ...changes,
  }
}

function anEntry(target: string, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  const reasons = [{ kind: 'list', list: 'platform' }] as const
  return { kind: 'assignment', principal: 'group/g1', target, reasons, since: now, ...changes }
}

function aChange(id: string, changes: Partial<ChangeRecord> = {}): ChangeRecord {
  return {
    id,
    key: `key-${id}`,
    action: { kind: 'user.delete', user: 'bob', awsId: 'u1' },
    begunAt: now,
    holder: 'one',
    state: 'open',
    endedAt: undefined,
    error: undefined,
    remedy: undefined,
    ...changes,
  }
}

const succeeded = { state: 'succeeded', endedAt: now + minute, error: undefined, remedy: undefined } as const

function aToken(slot: 1 | 2, changes: Partial<ScimToken> = {}): ScimToken {
  return {
    slot,
    sealedToken: `sealed-${slot}`,
    host: 'scim.eu-central-1.amazonaws.com',
    addedAt: now,
    addedBy: 'admin',
    expiresAt: now + hour,
    refusedAt: undefined,
    ...changes,
  }
}

export function identityCenterConformance(engine: Engine): void {
  describe('observations', () => {
    test('things are added, replaced and removed, each plugin and kind for itself', async () => {
      const { observations } = await open(await engine.newUrl())
      await observations.put('p', 'user', [seen('b'), seen('a'), seen('b', { name: 'nul \0 and \ud800' })])
      await observations.put('p', 'group', [seen('a')])
      await observations.put('q', 'user', [seen('z')])
      expect(await observations.list('p', 'user')).toEqual([
        seen('a'),
        seen('b', { name: 'nul \0 and \ud800' }),
      ])
      await observations.delete('p', 'user', ['a', 'never'])
      expect((await observations.list('p', 'user')).map(({ id }) => id)).toEqual(['b'])
      await observations.replaceAll('p', 'user', [seen('c'), seen('d')])
      expect((await observations.list('p', 'user')).map(({ id }) => id)).toEqual(['c', 'd'])
      expect(await observations.list('p', 'group')).toEqual([seen('a')])
      await observations.deleteAll('p')
      expect(await observations.list('p', 'group')).toEqual([])
      expect(await observations.list('q', 'user')).toEqual([seen('z')])
    })

    test('one complete read of thousands is kept whole, and an empty one forgets all', async () => {
      const { observations } = await open(await engine.newUrl())
      const many = Array.from({ length: 5000 }, (_, index) => seen(`id-${String(index).padStart(5, '0')}`))
      await observations.replaceAll('p', 'account', many)
      expect(await observations.list('p', 'account')).toEqual(many)
      await observations.replaceAll('p', 'account', many.slice(0, 1))
      expect(await observations.list('p', 'account')).toEqual(many.slice(0, 1))
      await observations.replaceAll('p', 'account', [])
      expect(await observations.list('p', 'account')).toEqual([])
    })

    test('the generation of the inventory grows with accounts and permission sets, not with users', async () => {
      const { observations } = await open(await engine.newUrl())
      const generations = [await observations.inventoryGeneration()]
      const changed = async () => {
        generations.push(await observations.inventoryGeneration())
        return generations.at(-1) !== generations.at(-2)
      }
      await observations.put('p', 'account', [seen('a')])
      expect(await changed()).toBe(true)
      await observations.replaceAll('p', 'permission_set', [seen('s')])
      expect(await changed()).toBe(true)
      await observations.put('p', 'user', [seen('u')])
      await observations.replaceAll('p', 'members', [seen('g')])
      expect(await changed()).toBe(false)
      await observations.delete('p', 'account', ['a'])
      expect(await changed()).toBe(true)
      await observations.deleteAll('p')
      expect(await changed()).toBe(true)
      await observations.raiseInventoryGeneration()
      expect(await changed()).toBe(true)
    })
  })

  describe('bonds with Identity Center', () => {
    test('a bond is found by name, replaced and removed', async () => {
      const { principalLinks } = await open(await engine.newUrl())
      await principalLinks.put('p', aLink('bob', 'u1'))
      await principalLinks.put('p', aLink('bob', 'u2', { unwantedSince: now, origin: 'imported' }))
      await principalLinks.put('p', aLink('alice', 'u1'))
      await principalLinks.put('p', aLink('bob', 'u1', { kind: 'group' }))
      await principalLinks.put('q', aLink('bob', 'u1'))
      const bob = aLink('bob', 'u2', { unwantedSince: now, origin: 'imported' })
      expect(await principalLinks.find('p', 'user', 'bob')).toEqual(bob)
      expect(await principalLinks.list('p')).toEqual([
        aLink('bob', 'u1', { kind: 'group' }),
        aLink('alice', 'u1'),
        bob,
      ])
      expect(await principalLinks.delete('p', 'user', 'bob')).toBe(true)
      expect(await principalLinks.delete('p', 'user', 'bob')).toBe(false)
      expect(await principalLinks.find('p', 'user', 'b\0b')).toBeUndefined()
      await principalLinks.deleteAll('p')
      expect(await principalLinks.list('p')).toEqual([])
      expect(await principalLinks.list('q')).toHaveLength(1)
    })

    test('an id that belongs to one name is refused to another, and the transaction goes on', async () => {
      const store = await open(await engine.newUrl())
      await store.principalLinks.put('p', aLink('bob', 'u1'))
      await store.transaction(async (tx) => {
        const error = await refusal(tx.principalLinks.put('p', aLink('eve', 'u1')), 'ALREADY_EXISTS')
        expect(error.message).toMatch(/belongs to "bob"/)
        await tx.principalLinks.put('p', aLink('eve', 'u2'))
      })
      expect((await store.principalLinks.list('p')).map(({ name, awsId }) => `${name} ${awsId}`)).toEqual([
        'bob u1',
        'eve u2',
      ])
    })
  })

  describe('the ledger', () => {
    test('entries are kept with their reasons, replaced and removed one by one', async () => {
      const { ledger } = await open(await engine.newUrl())
      const reasons = [
        { kind: 'found' },
        { kind: 'role', role: 'admin' },
        { kind: 'request', request: 'r', until: now + hour },
        { kind: 'list_member', list: 'l', deniedBy: 'r' },
      ] as const
      const membership = anEntry('t1', { kind: 'membership' })
      const other = anEntry('t1', { principal: 'user/u1' })
      await ledger.put('p', [anEntry('t2'), anEntry('t1'), membership, other])
      await ledger.put('p', [anEntry('t1', { reasons, since: now + 1 })])
      await ledger.put('q', [anEntry('t1')])
      expect(await ledger.list('p')).toEqual([
        anEntry('t1', { reasons, since: now + 1 }),
        anEntry('t2'),
        membership,
        other,
      ])
      expect(await ledger.listOf('p', 'user/u1')).toEqual([other])
      await ledger.delete('p', [anEntry('t1'), { ...other, target: 'never' }])
      expect(await ledger.list('p')).toEqual([anEntry('t2'), membership, other])
      await ledger.deleteOf('p', 'group/g1')
      expect(await ledger.list('p')).toEqual([other])
      await ledger.deleteAll('p')
      expect(await ledger.list('p')).toEqual([])
      expect(await ledger.list('q')).toEqual([anEntry('t1')])
    })

    test('thousands of entries are written and removed at once', async () => {
      const { ledger } = await open(await engine.newUrl())
      const many = Array.from({ length: 1700 }, (_, index) => anEntry(`t${String(index).padStart(5, '0')}`))
      await ledger.put('p', [...many, ...many])
      expect(await ledger.list('p')).toEqual(many)
      await ledger.delete('p', many.slice(1))
      expect(await ledger.list('p')).toEqual(many.slice(0, 1))
      await ledger.delete('p', [])
      expect(await ledger.list('p')).toHaveLength(1)
    })
  })

  describe('changes of AWS', () => {
    test('a change is open until its outcome, which counts once', async () => {
      const { changes } = await open(await engine.newUrl())
      await changes.begin('p', aChange('a'))
      await changes.begin('q', aChange('a'))
      expect(await changes.listOpen('p')).toEqual([aChange('a')])
      const failed = { state: 'failed', endedAt: now + 1, error: 'no\0t', remedy: 'ask' } as const
      expect(await changes.end('p', 'a', failed)).toBe(true)
      expect(await changes.end('p', 'a', succeeded)).toBe(false)
      expect(await changes.end('p', 'none', succeeded)).toBe(false)
      expect(await changes.listOpen('p')).toEqual([])
      expect(await changes.list('p', { limit: 9 })).toEqual([aChange('a', { ...failed, error: 'no\uFFFDt' })])
      expect(await changes.listOpen('q')).toEqual([aChange('a')])
    })

    test('pages go from the newest to the oldest, also of one state', async () => {
      const { changes } = await open(await engine.newUrl())
      for (const id of ['e', 'a', 'd', 'b', 'c']) await changes.begin('p', aChange(id))
      await changes.end('p', 'a', succeeded)
      const ids = async (page: Parameters<typeof changes.list>[1]) =>
        (await changes.list('p', page)).map(({ id }) => id)
      expect(await ids({ limit: 2 })).toEqual(['c', 'b'])
      expect(await ids({ limit: 2, before: 'b' })).toEqual(['d', 'a'])
      expect(await ids({ limit: 2, before: 'e' })).toEqual([])
      expect(await ids({ limit: 2, before: 'b', state: 'open' })).toEqual(['d', 'e'])
      expect(await ids({ limit: 9, before: 'none' })).toEqual([])
      expect(await ids({ limit: 9, before: 'a\0' })).toEqual([])
      expect((await changes.listOpen('p')).map(({ id }) => id)).toEqual(['e', 'd', 'b', 'c'])
    })

    test('removals and new assignments are counted: lately done, or open; members one by one', async () => {
      const { changes } = await open(await engine.newUrl())
      const members = [
        { by: 'name', name: 'a' },
        { by: 'name', name: 'b' },
      ]
      const begin = async (id: string, action: unknown, endedAt: number | undefined) => {
        await changes.begin('p', aChange(id, { action }))
        if (endedAt !== undefined) await changes.end('p', id, { ...succeeded, endedAt })
      }
      await begin('1', { kind: 'members.remove', members }, now)
      await begin('2', { kind: 'members.remove', members }, now + 1)
      await begin('3', { kind: 'members.add', members }, now)
      await begin('4', { kind: 'assignment.delete', pair: '1/arn' }, now)
      await begin('5', { kind: 'assignment.delete', pair: '1/arn' }, now - 1)
      await begin('6', { kind: 'assignment.delete', pair: '2/arn' }, undefined)
      await begin('7', { kind: 'user.deactivate' }, now)
      await begin('8', 'not an action', now)
      await begin('9', { kind: 'assignment.create', pair: '1/arn' }, now)
      await begin('a', { kind: 'assignment.create', pair: '1/arn' }, now + 1)
      await begin('b', { kind: 'assignment.create', pair: '2/arn' }, now)
      await begin('c', { kind: 'assignment.create', pair: '2/arn' }, now - 1)
      await begin('d', { kind: 'assignment.create', pair: '1/arn', uncounted: true }, now)
      await begin('e', { kind: 'members.remove', members, uncounted: true }, undefined)
      await changes.begin('p', aChange('f'))
      await changes.end('p', 'f', { ...succeeded, state: 'failed' })
      const done = { pair: undefined, openKey: undefined }
      expect(await changes.countSince('p', now)).toEqual([
        { ...done, kind: 'assignment.create', pair: '1/arn', count: 2 },
        { ...done, kind: 'assignment.create', pair: '2/arn', count: 1 },
        { ...done, kind: 'assignment.delete', pair: '1/arn', count: 1 },
        { ...done, kind: 'members.remove', count: 4 },
        { ...done, kind: 'user.deactivate', count: 1 },
        { kind: 'assignment.delete', pair: '2/arn', count: 1, openKey: 'key-6' },
      ])
      expect(await changes.countSince('q', now)).toEqual([])
    })

    test('only those that ended long ago are swept away', async () => {
      const { changes } = await open(await engine.newUrl())
      for (const id of ['old', 'new', 'open']) await changes.begin('p', aChange(id))
      await changes.end('p', 'old', { ...succeeded, endedAt: now - 1 })
      await changes.end('p', 'new', { ...succeeded, endedAt: now })
      expect(await changes.deleteEndedBefore('p', now)).toBe(1)
      expect((await changes.list('p', { limit: 9 })).map(({ id }) => id)).toEqual(['open', 'new'])
    })
  })

  describe('approvals', () => {
    test('they are replaced by key, removed and end', async () => {
      const { approvals } = await open(await engine.newUrl())
      const approval = (key: string, expiresAt = now) => ({ key, by: 'admin', at: now, expiresAt })
      await approvals.put('p', [approval('b'), approval('a'), approval('b', now + 1)])
      await approvals.put('q', [approval('c', now - 1)])
      expect(await approvals.list('p')).toEqual([approval('a'), approval('b', now + 1)])
      await approvals.delete('p', ['a', 'none', 'a\0'])
      expect(await approvals.list('p')).toEqual([approval('b', now + 1)])
      expect(await approvals.deleteExpired(now)).toBe(1)
      expect(await approvals.list('q')).toEqual([])
      expect(await approvals.list('p')).toHaveLength(1)
    })
  })

  describe('leases', () => {
    test('a free or ended one is taken, one that another holds is not', async () => {
      const { leases } = await open(await engine.newUrl())
      expect(await leases.find('sync/p')).toBeUndefined()
      expect(await leases.take('sync/p', 'one', now, minute)).toEqual({
        holder: 'one',
        term: 1,
        expiresAt: now + minute,
      })
      expect(await leases.take('sync/p', 'two', now + minute - 1, minute)).toBeUndefined()
      expect(await leases.find('sync/p')).toEqual({ holder: 'one', term: 1, expiresAt: now + minute })
      expect(await leases.take('sync/p', 'two', now + minute, minute)).toMatchObject({ term: 2 })
      expect(await leases.take('sync/p', 'one', now + minute, minute)).toBeUndefined()
      expect(await leases.take('sync/q', 'one', now, minute)).toMatchObject({ term: 1 })
    })

    test('its holder renews it, and terms grow even after it was given up', async () => {
      const { leases } = await open(await engine.newUrl())
      await leases.take('l', 'one', now, minute)
      expect(await leases.take('l', 'one', now + 5, minute)).toEqual({
        holder: 'one',
        term: 1,
        expiresAt: now + 5 + minute,
      })
      await leases.release('l', 'two')
      expect(await leases.take('l', 'two', now + 6, minute)).toBeUndefined()
      await leases.release('l', 'one')
      expect(await leases.take('l', 'two', now + 6, minute)).toMatchObject({ holder: 'two', term: 2 })
    })

    test('of many that try at once one has it', async () => {
      const { leases } = await open(await engine.newUrl())
      const takers = ['a', 'b', 'c', 'd'].map(
        async (holder) => (await leases.take('l', holder, now, minute)) !== undefined,
      )
      expect(await countTrue(takers)).toBe(1)
    })
  })

  describe('SCIM tokens and notes', () => {
    test('a token is kept by slot, marked and removed', async () => {
      const { scimTokens } = await open(await engine.newUrl())
      await scimTokens.put('p', aToken(2))
      await scimTokens.put('p', aToken(1))
      await scimTokens.put('p', aToken(2, { sealedToken: 'newer' }))
      await scimTokens.put('q', aToken(1))
      await scimTokens.markRefused('p', aToken(1), now)
      expect(await scimTokens.list('p')).toEqual([
        aToken(1, { refusedAt: now }),
        aToken(2, { sealedToken: 'newer' }),
      ])
      await scimTokens.markRefused('p', aToken(1), undefined)
      expect((await scimTokens.list('p'))[0]).toEqual(aToken(1))
      await scimTokens.markRefused('p', aToken(2), now)
      expect((await scimTokens.list('p'))[1]).toEqual(aToken(2, { sealedToken: 'newer' }))
      expect(await scimTokens.delete('p', 1)).toBe(true)
      expect(await scimTokens.delete('p', 1)).toBe(false)
      expect(await scimTokens.list('p')).toHaveLength(1)
      expect(await scimTokens.list('q')).toEqual([aToken(1)])
    })

    test('a note is any JSON, replaced as a whole', async () => {
      const { notes } = await open(await engine.newUrl())
      expect(await notes.find('n')).toBeUndefined()
      await notes.put('n', { a: ['x\0'], b: null })
      expect(await notes.find('n')).toEqual({ a: ['x\0'], b: null })
      await notes.put('n', [1])
      expect(await notes.find('n')).toEqual([1])
      expect(await notes.delete('n')).toBe(true)
      expect(await notes.delete('n')).toBe(false)
    })
  })
}
