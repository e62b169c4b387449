/** @module Conformance of proofs of a second factor: found by their hash, and each of their things spent once. */
import { describe, expect, test } from 'vitest'
import type { MfaProof } from '../../../src/core/mfa/proof.js'
import { countTrue, minute, now, open, refusal, type Engine } from './engine.js'

export function aProof(changes: Partial<MfaProof> = {}): MfaProof {
  return {
    user: 'alice@example.com',
    sessionId: 'id-a',
    purpose: 'review_requests',
    method: 'totp',
    expiresAt: now + 3 * minute,
    unspent: ['r-1', 'r-2'],
    ...changes,
  }
}

export function mfaProofConformance(engine: Engine): void {
  describe('proofs of a second factor', () => {
    test('a proof is found by its hash with what of it is not spent', async () => {
      const { mfaProofs } = await open(await engine.newUrl())
      await mfaProofs.create('a', aProof({ unspent: ['r-2', 'r-1', 'r-2'] }))
      await mfaProofs.create('b', aProof({ user: 'bob' }))
      expect(await mfaProofs.find('a')).toEqual(aProof())
      expect(await mfaProofs.find('none')).toBeUndefined()
      expect(await mfaProofs.spend('a', 'r-1', now)).toBe(true)
      expect(await mfaProofs.find('a')).toEqual(aProof({ unspent: ['r-2'] }))
      expect(await mfaProofs.find('b')).toEqual(aProof({ user: 'bob' }))
    })

    test('each thing is spent once, whoever asks at the same time, and nothing that is not of the proof', async () => {
      const { mfaProofs } = await open(await engine.newUrl())
      await mfaProofs.create('a', aProof())
      const spenders = [1, 2, 3, 4].map(async () => await mfaProofs.spend('a', 'r-1', now))
      expect(await countTrue(spenders)).toBe(1)
      for (const [hash, subject] of [
        ['a', 'r-3'],
        ['none', 'r-1'],
        ['a', 'r-2\0'],
      ] as const)
        expect(await mfaProofs.spend(hash, subject, now)).toBe(false)
      expect(await mfaProofs.spend('a', 'r-2', now)).toBe(true)
    })

    test('what is spent in a transaction that fails is not spent', async () => {
      const store = await open(await engine.newUrl())
      await store.mfaProofs.create('a', aProof())
      const failed = store.transaction(async (tx) => {
        expect(await tx.mfaProofs.spend('a', 'r-1', now)).toBe(true)
        throw new Error('refused')
      })
      await expect(failed).rejects.toThrow('refused')
      expect(await store.mfaProofs.find('a')).toEqual(aProof())
    })

    test('text that cannot be stored is refused, and nothing is kept', async () => {
      const { mfaProofs } = await open(await engine.newUrl())
      await refusal(mfaProofs.create('a', aProof({ unspent: ['r-1', 'r\0'] })), 'INVALID_INPUT')
      expect(await mfaProofs.find('a')).toBeUndefined()
    })

    test('only expired ones are swept away, with what they were for', async () => {
      const { mfaProofs } = await open(await engine.newUrl())
      await mfaProofs.create('old', aProof({ expiresAt: now - 1 }))
      await mfaProofs.create('new', aProof({ expiresAt: now }))
      expect(await mfaProofs.deleteExpired(now)).toBe(1)
      expect(await mfaProofs.find('old')).toBeUndefined()
      expect(await mfaProofs.spend('old', 'r-1', now)).toBe(false)
      expect(await mfaProofs.find('new')).toEqual(aProof({ expiresAt: now }))
    })
  })
}
