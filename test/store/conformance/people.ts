/** @module Conformance of credentials, one-time links and sessions. */
import { describe, expect, test } from 'vitest'
import type { OneTimeLink, TotpCredential } from '../../../src/store/store.js'
import { aSession, hour, minute, now, open, type Engine } from './engine.js'

const alice = 'alice@example.com'
const bob = 'bob@example.com'

function aTotp(id: string, changes: Partial<TotpCredential> = {}): TotpCredential {
  return {
    id,
    user: alice,
    label: 'phone',
    sealedSeed: 'sealed',
    createdAt: now,
    lastUsedAt: undefined,
    lastStep: 100,
    ...changes,
  }
}

function aLink(tokenHash: string, changes: Partial<OneTimeLink> = {}): OneTimeLink {
  return {
    tokenHash,
    kind: 'invite',
    user: alice,
    createdBy: 'admin@example.com',
    createdAt: now,
    expiresAt: now + hour,
    usedAt: undefined,
    ...changes,
  }
}

export function peopleConformance(engine: Engine): void {
  describe('credentials', () => {
    test('a password is found for its user and replaced by a newer one', async () => {
      const { credentials } = await open(await engine.newUrl())
      await credentials.putPassword({ user: alice, hash: 'one', changedAt: now })
      await credentials.putPassword({ user: alice, hash: 'two', changedAt: now + 1 })
      expect(await credentials.findPassword(alice)).toEqual({ user: alice, hash: 'two', changedAt: now + 1 })
      expect(await credentials.findPassword(bob)).toBeUndefined()
      expect(await credentials.findPassword(`${alice}\0`)).toBeUndefined()
    })

    test('factors are listed for their user, oldest first', async () => {
      const { credentials } = await open(await engine.newUrl())
      await credentials.addTotp(aTotp('a', { createdAt: now + 1, lastUsedAt: now + 2 }))
      await credentials.addTotp(aTotp('b'))
      await credentials.addTotp(aTotp('c', { user: bob }))
      expect(await credentials.listTotp(alice)).toEqual([
        aTotp('b'),
        aTotp('a', { createdAt: now + 1, lastUsedAt: now + 2 }),
      ])
    })

    test('a time step is spent once, and older ones with it', async () => {
      const { credentials } = await open(await engine.newUrl())
      await credentials.addTotp(aTotp('a'))
      expect(await credentials.spendTotpStep('a', 100, now)).toBe(false)
      expect(await credentials.spendTotpStep('a', 102, now + 3)).toBe(true)
      expect(await credentials.spendTotpStep('a', 102, now)).toBe(false)
      expect(await credentials.spendTotpStep('a', 101, now)).toBe(false)
      expect(await credentials.spendTotpStep('none', 103, now)).toBe(false)
      expect(await credentials.listTotp(alice)).toEqual([aTotp('a', { lastStep: 102, lastUsedAt: now + 3 })])
    })

    test('a factor is deleted by its own user only', async () => {
      const { credentials } = await open(await engine.newUrl())
      await credentials.addTotp(aTotp('a'))
      expect(await credentials.deleteTotp(bob, 'a')).toBe(false)
      expect(await credentials.deleteTotp(alice, 'a')).toBe(true)
      expect(await credentials.deleteTotp(alice, 'a')).toBe(false)
    })

    test('a summary says who has a password and how many factors', async () => {
      const { credentials } = await open(await engine.newUrl())
      await credentials.putPassword({ user: alice, hash: 'h', changedAt: now })
      await credentials.addTotp(aTotp('a'))
      await credentials.addTotp(aTotp('b'))
      await credentials.addTotp(aTotp('c', { user: bob }))
      expect(await credentials.summarise()).toEqual(
        new Map([
          [alice, { hasPassword: true, factors: 2 }],
          [bob, { hasPassword: false, factors: 1 }],
        ]),
      )
      await credentials.deleteAll(alice)
      await credentials.deleteAll(bob)
      expect(await credentials.summarise()).toEqual(new Map())
    })

    test('forgetting one user leaves the others', async () => {
      const { credentials } = await open(await engine.newUrl())
      for (const user of [alice, bob]) {
        await credentials.putPassword({ user, hash: 'h', changedAt: now })
        await credentials.addTotp(aTotp(`of ${user}`, { user }))
      }
      await credentials.deleteAll(alice)
      expect([await credentials.findPassword(alice), await credentials.listTotp(alice)]).toEqual([
        undefined,
        [],
      ])
      expect(await credentials.listTotp(bob)).toHaveLength(1)
      expect(await credentials.findPassword(bob)).toBeDefined()
    })
  })

  describe('one-time links', () => {
    test('a link is found, used once and then known as used', async () => {
      const { links } = await open(await engine.newUrl())
      await links.create(aLink('a'))
      expect(await links.find('a')).toEqual(aLink('a'))
      expect(await links.use('a', now + 1)).toBe(true)
      expect(await links.use('a', now + 2)).toBe(false)
      expect(await links.find('a')).toEqual(aLink('a', { usedAt: now + 1 }))
    })

    test('an expired or unknown link cannot be used', async () => {
      const { links } = await open(await engine.newUrl())
      await links.create(aLink('a', { expiresAt: now }))
      expect(await links.use('a', now)).toBe(false)
      expect(await links.use('a', now - 1)).toBe(true)
      expect(await links.use('none', now)).toBe(false)
      expect(await links.find('none')).toBeUndefined()
    })

    test('revoking ends the unused links of one user', async () => {
      const { links } = await open(await engine.newUrl())
      for (const link of [aLink('used'), aLink('unused'), aLink('other', { user: bob })])
        await links.create(link)
      await links.use('used', now)
      await links.revokeAll(alice)
      expect(await links.use('unused', now)).toBe(false)
      expect((await links.find('used'))?.usedAt).toBe(now)
      expect(await links.use('other', now)).toBe(true)
    })

    test('only expired links are swept away', async () => {
      const { links } = await open(await engine.newUrl())
      await links.create(aLink('old', { expiresAt: now - 1 }))
      await links.create(aLink('new', { expiresAt: now }))
      expect(await links.deleteExpired(now)).toBe(1)
      expect(await links.find('old')).toBeUndefined()
      expect(await links.find('new')).toBeDefined()
    })
  })

  describe('sessions', () => {
    test('a session is found by its token hash as it was made', async () => {
      const { sessions } = await open(await engine.newUrl())
      const full = aSession('a', { idleTimeoutMs: 30 * minute, stage: 'password', methods: [] })
      await sessions.create(full)
      await sessions.create(aSession('b'))
      expect(await sessions.find('a')).toEqual(full)
      expect(await sessions.find('b')).toEqual(aSession('b'))
      expect(await sessions.find('c')).toBeUndefined()
    })

    test('what a stranger sent is kept readable, whatever it holds', async () => {
      const { sessions } = await open(await engine.newUrl())
      await sessions.create(aSession('a', { userAgent: 'bad\0agent \ud800' }))
      expect((await sessions.find('a'))?.userAgent).toBe('bad\uFFFDagent \uFFFD')
    })

    test('a touch moves the last sight forward, never back', async () => {
      const { sessions } = await open(await engine.newUrl())
      await sessions.create(aSession('a'))
      await sessions.touch('a', now + 10)
      await sessions.touch('a', now + 5)
      await sessions.touch('none', now)
      expect(await sessions.find('a')).toEqual(aSession('a', { lastSeenAt: now + 10 }))
    })

    test('sessions of a user are listed, oldest first', async () => {
      const { sessions } = await open(await engine.newUrl())
      await sessions.create(aSession('late', { createdAt: now + 1 }))
      await sessions.create(aSession('early'))
      await sessions.create(aSession('other', { user: bob }))
      expect((await sessions.listByUser(alice)).map(({ tokenHash }) => tokenHash)).toEqual(['early', 'late'])
    })

    test('a session is found by its public id, whoever has it', async () => {
      const { sessions } = await open(await engine.newUrl())
      await sessions.create(aSession('a'))
      await sessions.create(aSession('b', { user: bob }))
      expect(await sessions.findById('id-b')).toEqual(aSession('b', { user: bob }))
      expect(await sessions.findById('b')).toBeUndefined()
      expect(await sessions.findById('id-b\0')).toBeUndefined()
    })

    test('a session ends by its token, or by its id for its own user only', async () => {
      const { sessions } = await open(await engine.newUrl())
      await sessions.create(aSession('a'))
      await sessions.create(aSession('b'))
      expect(await sessions.delete('a')).toBe(true)
      expect(await sessions.delete('a')).toBe(false)
      expect(await sessions.deleteById(bob, 'id-b')).toBe(false)
      expect(await sessions.deleteById(alice, 'id-b')).toBe(true)
      expect(await sessions.listByUser(alice)).toEqual([])
    })

    test('all sessions of a user end, but for the one that asks', async () => {
      const { sessions } = await open(await engine.newUrl())
      for (const token of ['a', 'b', 'c']) await sessions.create(aSession(token))
      await sessions.create(aSession('d', { user: bob }))
      expect(await sessions.deleteByUser(alice, 'b')).toBe(2)
      expect(await sessions.find('b')).toBeDefined()
      expect(await sessions.deleteByUser(alice)).toBe(1)
      expect(await sessions.find('d')).toBeDefined()
    })

    test('sessions beyond their absolute or idle limit are swept away', async () => {
      const { sessions } = await open(await engine.newUrl())
      await sessions.create(aSession('over', { expiresAt: now - 1 }))
      await sessions.create(aSession('idle', { lastSeenAt: now - minute - 1, idleTimeoutMs: minute }))
      await sessions.create(aSession('active', { lastSeenAt: now - minute, idleTimeoutMs: minute }))
      await sessions.create(aSession('unlimited', { lastSeenAt: now - hour }))
      expect(await sessions.deleteExpired(now)).toBe(2)
      const left = await sessions.listByUser(alice)
      expect(left.map(({ tokenHash }) => tokenHash).sort()).toEqual(['active', 'unlimited'])
    })
  })
}
