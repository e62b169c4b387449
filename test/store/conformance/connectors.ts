/** @module Conformance of connectors: one user for each subject and one subject for each user, and answers taken once. */
import { describe, expect, test } from 'vitest'
import type { ConnectorSignIn } from '../../../src/store/store.js'
import { countTrue, minute, now, open, refusal, type Engine } from './engine.js'

const binding = {
  connector: 'okta',
  subject: 's-1',
  user: 'zoe',
  boundAt: now,
  lastSeenAt: now,
  traits: ['email'],
}

function aConnectorSignIn(stateHash: string, changes: Partial<ConnectorSignIn> = {}): ConnectorSignIn {
  return {
    stateHash,
    connector: { kind: 'oidc', name: 'okta' },
    browserHash: 'b-1',
    sealed: 'sealed',
    next: undefined,
    reauthenticates: false,
    test: undefined,
    answer: undefined,
    createdAt: now,
    expiresAt: now + 10 * minute,
    ...changes,
  }
}

export function connectorConformance(engine: Engine): void {
  describe('connectors', () => {
    test('a subject is bound to one user and a user to one subject, until the user is forgotten', async () => {
      const { connectors } = await open(await engine.newUrl())
      await connectors.putIdentity(binding)
      await connectors.putIdentity({ ...binding, boundAt: now + 5, lastSeenAt: now + 9, traits: [] })
      const seen = { ...binding, lastSeenAt: now + 9, traits: [] }
      expect(await connectors.findIdentity('okta', 's-1')).toEqual(seen)
      expect(await connectors.findIdentityOf('zoe')).toEqual(seen)
      expect(await connectors.findIdentity('azure', 's-1')).toBeUndefined()
      await refusal(connectors.putIdentity({ ...binding, user: 'max' }), 'CONFLICT')
      await refusal(connectors.putIdentity({ ...binding, subject: 's-2' }), 'CONFLICT')
      await connectors.putIdentity({ ...binding, connector: 'azure', user: 'max' })
      await refusal(connectors.putIdentity({ ...binding, user: 'a\0' }), 'INVALID_INPUT')
      await connectors.forgetIdentity('zoe')
      expect(await connectors.findIdentityOf('zoe')).toBeUndefined()
      expect((await connectors.findIdentityOf('max'))?.connector).toBe('azure')
    })

    test('a sign-in is taken once, whoever asks at the same time, and keeps one answer', async () => {
      const { connectors } = await open(await engine.newUrl())
      const whole = aConnectorSignIn('a', { next: '/x', reauthenticates: true, test: 't-1' })
      await connectors.createSignIn(whole)
      await connectors.createSignIn(aConnectorSignIn('b'))
      expect(await connectors.findSignIn('a')).toEqual(whole)
      expect(await countTrue([1, 2, 3].map(async () => await connectors.keepAnswer('a', 'answer')))).toBe(1)
      const takers = [1, 2, 3].map(async () => (await connectors.takeSignIn('a')) !== undefined)
      expect(await countTrue(takers)).toBe(1)
      expect(await connectors.findSignIn('a')).toBeUndefined()
      expect(await connectors.keepAnswer('a', 'late')).toBe(false)
      expect(await connectors.findSignIn('b')).toEqual(aConnectorSignIn('b'))
    })

    test('a test is begun once and finished once, and what is over is swept away', async () => {
      const { connectors } = await open(await engine.newUrl())
      const connector = { kind: 'github', name: 'github' } as const
      const one = {
        id: 't-1',
        connector,
        user: 'admin',
        state: 'open',
        result: undefined,
        expiresAt: now,
      } as const
      await connectors.createTest(one)
      expect(await connectors.findTest('t-1')).toEqual(one)
      expect(await connectors.finishTest('t-1', '{}')).toBe(false)
      expect(await countTrue([1, 2].map(async () => await connectors.beginTest('t-1')))).toBe(1)
      expect(await connectors.finishTest('t-1', '{}')).toBe(true)
      expect(await connectors.finishTest('t-1', '{"a":1}')).toBe(false)
      expect(await connectors.findTest('t-1')).toEqual({ ...one, state: 'done', result: '{}' })
      await connectors.createSignIn(aConnectorSignIn('old', { expiresAt: now - 1 }))
      expect(await connectors.deleteExpired(now)).toBe(1)
      expect(await connectors.deleteExpired(now + 1)).toBe(1)
      expect(await connectors.findTest('t-1')).toBeUndefined()
    })
  })
}
