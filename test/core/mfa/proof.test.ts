import { describe, expect, test } from 'vitest'
import { judgeProof, proofLifetimeMs, type MfaProof, type ProofUse } from '../../../src/core/mfa/proof.js'

const now = Date.UTC(2026, 2, 2, 9)
const proof: MfaProof = {
  user: 'rita',
  sessionId: 's-1',
  purpose: 'review_requests',
  method: 'totp',
  expiresAt: now + proofLifetimeMs,
  unspent: ['r-1', 'r-2'],
}
const use: ProofUse = { user: 'rita', sessionId: 's-1', purpose: 'review_requests', subject: 'r-1' }
/** There is one purpose now; a proof of another one may come out of the store of a later version. */
const other = 'change_settings' as unknown as ProofUse['purpose']

describe('a proof', () => {
  test('is good for each of its things, until its very end', () => {
    expect(judgeProof(proof, use, now)).toBeUndefined()
    expect(judgeProof(proof, { ...use, subject: 'r-2' }, proof.expiresAt - 1)).toBeUndefined()
  })

  test.each<[string, MfaProof | undefined, ProofUse, number, string]>([
    ['nobody gave', undefined, use, now, 'the proof is unknown'],
    ['of somebody else', { ...proof, user: 'rolf' }, use, now, 'the proof is that of somebody else'],
    [
      'of another session',
      proof,
      { ...use, sessionId: 's-2' },
      now,
      'the proof was given in another session',
    ],
    [
      'for another purpose',
      { ...proof, purpose: other },
      use,
      now,
      'the proof was given for another purpose',
    ],
    ['that is over', proof, use, proof.expiresAt, 'the proof has expired'],
    [
      'for something else',
      proof,
      { ...use, subject: 'r-3' },
      now,
      'the proof is not for this, or was used for it before',
    ],
    [
      'that is spent',
      { ...proof, unspent: ['r-2'] },
      use,
      now,
      'the proof is not for this, or was used for it before',
    ],
  ])('%s is not', (_, given, asked, at, why) => {
    expect(judgeProof(given, asked, at)).toBe(why)
  })
})
