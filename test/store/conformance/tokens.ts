/** @module Conformance of API tokens, sessions of command lines and consents that wait to be redeemed. */
import { describe, expect, test } from 'vitest'
import type { CliAuthorization, TokenSecret } from '../../../src/store/store.js'
import { aSession, countTrue, minute, now, open, type Engine } from './engine.js'

function aSecret(name: string, changes: Partial<TokenSecret> = {}): TokenSecret {
  return {
    name,
    tokenHash: `hash-${name}`,
    createdAt: now,
    lastUsedAt: undefined,
    lastUsedFrom: undefined,
    ...changes,
  }
}

function aConsent(codeHash: string, changes: Partial<CliAuthorization> = {}): CliAuthorization {
  return {
    codeHash,
    user: 'alice@example.com',
    sessionId: 'id-a',
    challenge: 'c'.repeat(43),
    port: 49_152,
    host: 'laptop',
    expiresAt: now + minute,
    ...changes,
  }
}

export function tokenConformance(engine: Engine): void {
  describe('API tokens', () => {
    test('a secret is found by its hash and replaced by a newer one of its name', async () => {
      const { tokens } = await open(await engine.newUrl())
      const used = aSecret('ci', { lastUsedAt: now + 1, lastUsedFrom: '192.0.2.7' })
      await tokens.put(used)
      expect(await tokens.find('hash-ci')).toEqual(used)
      await tokens.put(aSecret('ci', { tokenHash: 'newer', createdAt: now + 2 }))
      expect(await tokens.find('hash-ci')).toBeUndefined()
      expect(await tokens.find('newer')).toEqual(aSecret('ci', { tokenHash: 'newer', createdAt: now + 2 }))
    })

    test('two names never share a hash', async () => {
      const { tokens } = await open(await engine.newUrl())
      await tokens.put(aSecret('ci'))
      await expect(tokens.put(aSecret('cd', { tokenHash: 'hash-ci' }))).rejects.toThrow(/unique/i)
    })

    test('a use moves forward, never back, and names where from', async () => {
      const { tokens } = await open(await engine.newUrl())
      await tokens.put(aSecret('ci'))
      await tokens.touch('hash-ci', { at: now + 10, from: 'some\0where' })
      await tokens.touch('hash-ci', { at: now + 5, from: 'late' })
      await tokens.touch('none', { at: now, from: 'nowhere' })
      expect(await tokens.list()).toEqual([
        aSecret('ci', { lastUsedAt: now + 10, lastUsedFrom: 'some\uFFFDwhere' }),
      ])
    })

    test('they are listed by name and deleted one at a time', async () => {
      const { tokens } = await open(await engine.newUrl())
      for (const name of ['b', 'Z', 'a']) await tokens.put(aSecret(name))
      expect((await tokens.list()).map(({ name }) => name)).toEqual(['Z', 'a', 'b'])
      expect(await tokens.delete('a')).toBe(true)
      expect(await tokens.delete('a')).toBe(false)
      expect(await tokens.delete('a\0')).toBe(false)
      expect(await tokens.find('hash-a')).toBeUndefined()
      expect(await tokens.find('hash-b')).toEqual(aSecret('b'))
    })
  })

  describe('command line sessions', () => {
    test('a session keeps what carries it and the name of its machine', async () => {
      const { sessions } = await open(await engine.newUrl())
      const session = aSession('a', { client: 'cli', label: 'laptop\ud800' })
      await sessions.create(session)
      await sessions.create(aSession('b'))
      expect(await sessions.find('a')).toEqual({ ...session, label: 'laptop\uFFFD' })
      const listed = await sessions.listByUser('alice@example.com')
      expect(listed.map(({ client, label }) => ({ client, label }))).toEqual([
        { client: 'cli', label: 'laptop\uFFFD' },
        { client: 'browser', label: undefined },
      ])
    })
  })

  describe('command line consents', () => {
    test('a code is taken once, whoever asks at the same time', async () => {
      const { cliAuthorizations } = await open(await engine.newUrl())
      await cliAuthorizations.create(aConsent('a', { host: 'lap\0top' }))
      expect(await cliAuthorizations.take('none')).toBeUndefined()
      expect(await cliAuthorizations.take('a')).toEqual(aConsent('a', { host: 'lap\uFFFDtop' }))
      expect(await cliAuthorizations.take('a')).toBeUndefined()
      await cliAuthorizations.create(aConsent('b'))
      const takers = [1, 2, 3, 4].map(async () => (await cliAuthorizations.take('b')) !== undefined)
      expect(await countTrue(takers)).toBe(1)
    })

    test('only expired ones are swept away', async () => {
      const { cliAuthorizations } = await open(await engine.newUrl())
      await cliAuthorizations.create(aConsent('old', { expiresAt: now - 1 }))
      await cliAuthorizations.create(aConsent('new', { expiresAt: now }))
      expect(await cliAuthorizations.deleteExpired(now)).toBe(1)
      expect(await cliAuthorizations.take('old')).toBeUndefined()
      expect(await cliAuthorizations.take('new')).toEqual(aConsent('new', { expiresAt: now }))
    })
  })
}
