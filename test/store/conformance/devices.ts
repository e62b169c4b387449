/** @module Conformance of keys of devices, the tokens that let one be enrolled, and what one is asked to vouch for. */
import { describe, expect, test } from 'vitest'
import type { DeviceChallenge, DeviceKey } from '../../../src/store/store.js'
import { countTrue, minute, now, open, type Engine } from './engine.js'

function aKey(device: string, changes: Partial<DeviceKey> = {}): DeviceKey {
  return {
    device,
    id: `key-of-${device}`,
    user: 'alice@example.com',
    publicKey: 'a2V5',
    storage: 'key_store',
    enrolledAt: now,
    lastUsedAt: undefined,
    ...changes,
  }
}

function aChallenge(ticketHash: string, changes: Partial<DeviceChallenge> = {}): DeviceChallenge {
  return {
    ticketHash,
    way: 'loopback',
    handleHash: 'handle',
    sessionId: 's',
    user: 'alice@example.com',
    serviceProvider: 'aws',
    entityId: 'https://aws.example',
    nonce: 'nonce',
    address: '192.0.2.1',
    userAgent: 'a browser',
    state: 'waiting',
    device: undefined,
    keyId: undefined,
    completionHash: undefined,
    createdAt: now,
    expiresAt: now + minute,
    ...changes,
  }
}

export function deviceConformance(engine: Engine): void {
  describe('devices', () => {
    test('a device has one key, and loses it with its user or by itself', async () => {
      const { devices } = await open(await engine.newUrl())
      await devices.putKey(aKey('a', { id: 'older' }))
      await devices.putKey(aKey('a'))
      await devices.putKey(aKey('b', { user: 'bob@example.com', storage: 'key_file' }))
      await devices.touchKey('a', now + 1)
      expect(await devices.findKey('a')).toEqual(aKey('a', { lastUsedAt: now + 1 }))
      expect(await devices.findKey('a\0')).toBeUndefined()
      expect((await devices.listKeys()).map(({ device }) => device)).toEqual(['a', 'b'])
      await devices.forgetUser('bob@example.com')
      await devices.forget('a')
      expect(await devices.listKeys()).toEqual([])
    })

    test('a token is spent once, replaced by the next, and deleted when it is over', async () => {
      const { devices } = await open(await engine.newUrl())
      const token = { device: 'a', tokenHash: 'one', nonce: 'n', expiresAt: now }
      await devices.putEnrollToken(token)
      await devices.putEnrollToken({ ...token, tokenHash: 'two' })
      expect(await devices.findEnrollToken('one')).toBeUndefined()
      expect(await devices.findEnrollToken('two')).toEqual({ ...token, tokenHash: 'two' })
      const spent = Array.from({ length: 4 }, () => devices.spendEnrollToken('two'))
      expect(await countTrue(spent)).toBe(1)
      await devices.putEnrollToken({ ...token, device: 'b' })
      await devices.addChallenge(aChallenge('t', { expiresAt: now }))
      expect(await devices.deleteExpired(now)).toBe(0)
      expect(await devices.deleteExpired(now + 1)).toBe(2)
      expect(await devices.listEnrollTokens()).toEqual([])
    })

    test('a challenge moves on once, and is found by ticket, sign-in and completion', async () => {
      const { devices } = await open(await engine.newUrl())
      await devices.addChallenge(aChallenge('t'))
      await devices.addChallenge(aChallenge('u', { createdAt: now + 1, way: 'code' }))
      await devices.addChallenge(aChallenge('v', { createdAt: now + 2, sessionId: 'other' }))
      expect((await devices.lastChallenge('handle', 's'))?.ticketHash).toBe('u')
      const signed = { state: 'signed', device: 'a', keyId: 'k', completionHash: 'c' } as const
      const moves = Array.from({ length: 4 }, () => devices.move('t', 'waiting', signed))
      expect(await countTrue(moves)).toBe(1)
      expect(await devices.findCompletion('c')).toEqual(aChallenge('t', signed))
      expect(await devices.findChallenge('t')).toEqual(aChallenge('t', signed))
      expect(await devices.findCompletion('d')).toBeUndefined()
    })
  })
}
