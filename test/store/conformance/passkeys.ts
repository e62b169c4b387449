/** @module Conformance of passkeys and the challenges that wait for their answers. */
import { describe, expect, test } from 'vitest'
import type { Passkey, PasskeyChallenge } from '../../../src/store/store.js'
import { countTrue, minute, now, open, refusal, type Engine } from './engine.js'

const alice = 'alice@example.com'
const bob = 'bob@example.com'

export function aPasskey(id: string, changes: Partial<Passkey> = {}): Passkey {
  return {
    id,
    user: alice,
    label: 'laptop',
    credentialId: `credential-${id}`,
    userHandle: 'handle',
    publicKey: 'a2V5',
    signCount: 0,
    transports: ['internal', 'hybrid'],
    backupEligible: true,
    backedUp: false,
    aaguid: '00000000-0000-0000-0000-000000000000',
    discoverable: true,
    attestation: 'none',
    createdAt: now,
    lastUsedAt: undefined,
    ...changes,
  }
}

function aChallenge(challengeHash: string, changes: Partial<PasskeyChallenge> = {}): PasskeyChallenge {
  return {
    challengeHash,
    purpose: 'step_up',
    user: alice,
    sessionId: 's',
    subject: 'handle',
    expiresAt: now + minute,
    ...changes,
  }
}

export function passkeyConformance(engine: Engine): void {
  describe('passkeys', () => {
    test('they are listed for their user, oldest first, and found by their credential', async () => {
      const { passkeys } = await open(await engine.newUrl())
      const older = aPasskey('b', { attestation: 'trusted', discoverable: false, backupEligible: false })
      const newer = aPasskey('a', { createdAt: now + 1, lastUsedAt: now + 2, backedUp: true, transports: [] })
      for (const one of [newer, older, aPasskey('c', { user: bob })]) await passkeys.add(one)
      expect(await passkeys.list(alice)).toEqual([older, newer])
      expect(await passkeys.list(`${alice}\0`)).toEqual([])
      expect(await passkeys.findByCredentialId('credential-c')).toEqual(aPasskey('c', { user: bob }))
      expect(await passkeys.findByCredentialId('credential-d')).toBeUndefined()
      expect(await passkeys.findByCredentialId('credential-c\0')).toBeUndefined()
    })

    test('a credential is enrolled once, whoever asks', async () => {
      const { passkeys } = await open(await engine.newUrl())
      await passkeys.add(aPasskey('a'))
      const again = aPasskey('b', { user: bob, credentialId: 'credential-a' })
      await refusal(passkeys.add(again), 'ALREADY_EXISTS')
      expect(await passkeys.list(bob)).toEqual([])
    })

    test('a sign count only rises; authenticators that do not count stay at 0', async () => {
      const { passkeys } = await open(await engine.newUrl())
      await passkeys.add(aPasskey('a'))
      const seen = { signCount: 0, backedUp: false, at: now + 1 }
      expect(await passkeys.use('a', seen)).toBe(true)
      expect(await passkeys.use('a', { ...seen, signCount: 5, backedUp: true })).toBe(true)
      expect(await passkeys.list(alice)).toEqual([
        aPasskey('a', { signCount: 5, backedUp: true, lastUsedAt: now + 1 }),
      ])
      expect(await passkeys.use('a', { ...seen, signCount: 5 })).toBe(false)
      expect(await passkeys.use('a', { ...seen, signCount: 4 })).toBe(false)
      expect(await passkeys.use('a', seen)).toBe(false)
      expect(await passkeys.use('none', seen)).toBe(false)
      const copies = [1, 2, 3].map(() => passkeys.use('a', { ...seen, signCount: 6 }))
      expect(await countTrue(copies)).toBe(1)
    })

    test('one is renamed and deleted by its own user only', async () => {
      const { passkeys } = await open(await engine.newUrl())
      await passkeys.add(aPasskey('a'))
      expect(await passkeys.rename(bob, 'a', 'mine')).toBe(false)
      expect(await passkeys.rename(alice, 'a', 'key\0ring')).toBe(true)
      expect((await passkeys.list(alice))[0]?.label).toBe('key\uFFFDring')
      expect(await passkeys.delete(bob, 'a')).toBe(false)
      expect(await passkeys.delete(alice, 'a\0')).toBe(false)
      expect(await passkeys.delete(alice, 'a')).toBe(true)
      expect(await passkeys.delete(alice, 'a')).toBe(false)
    })

    test('a summary counts them among the factors', async () => {
      const { passkeys, credentials } = await open(await engine.newUrl())
      await credentials.putPassword({ user: alice, hash: 'h', changedAt: now })
      for (const one of [aPasskey('a'), aPasskey('b'), aPasskey('c', { user: bob })]) await passkeys.add(one)
      expect(await credentials.summarise()).toEqual(
        new Map([
          [alice, { hasPassword: true, factors: 2 }],
          [bob, { hasPassword: false, factors: 1 }],
        ]),
      )
    })

    test('forgetting one user leaves the passkeys and challenges of others', async () => {
      const { passkeys } = await open(await engine.newUrl())
      for (const user of [alice, bob]) {
        await passkeys.add(aPasskey(`of ${user}`, { user }))
        await passkeys.addChallenge(aChallenge(user, { user }))
      }
      await passkeys.deleteAll(alice)
      expect(await passkeys.list(alice)).toEqual([])
      expect(await passkeys.takeChallenge(alice)).toBeUndefined()
      expect(await passkeys.list(bob)).toHaveLength(1)
      expect(await passkeys.takeChallenge(bob)).toEqual(aChallenge(bob, { user: bob }))
    })
  })

  describe('challenges of passkeys', () => {
    test('one is taken once, whoever asks at the same time', async () => {
      const { passkeys } = await open(await engine.newUrl())
      const nobodys = {
        purpose: 'passwordless',
        user: undefined,
        sessionId: undefined,
        subject: undefined,
      } as const
      await passkeys.addChallenge(aChallenge('a', nobodys))
      expect(await passkeys.takeChallenge('a')).toEqual(aChallenge('a', nobodys))
      expect(await passkeys.takeChallenge('a')).toBeUndefined()
      await passkeys.addChallenge(aChallenge('b'))
      const takers = [1, 2, 3, 4].map(async () => (await passkeys.takeChallenge('b')) !== undefined)
      expect(await countTrue(takers)).toBe(1)
    })

    test('only expired ones are swept away', async () => {
      const { passkeys } = await open(await engine.newUrl())
      await passkeys.addChallenge(aChallenge('old', { expiresAt: now - 1 }))
      await passkeys.addChallenge(aChallenge('new', { expiresAt: now }))
      expect(await passkeys.deleteExpiredChallenges(now)).toBe(1)
      expect(await passkeys.takeChallenge('old')).toBeUndefined()
      expect(await passkeys.takeChallenge('new')).toEqual(aChallenge('new', { expiresAt: now }))
    })
  })
}
