/**
 * @module A proof of a second factor: given for one purpose and for the things it names, good for a short while, within
 * the session that gave it. Each thing that it names is spent by the change that it was asked for.
 */
import { minute, type DurationMs, type Instant } from '../time.js'

/** What a proof may be asked for. */
export const mfaPurposes = ['review_requests', 'administer'] as const
export type MfaPurpose = (typeof mfaPurposes)[number]

/** A code, a passkey, and keys as `strength.ts` tells them apart. */
export const mfaMethods = ['totp', 'passkey', 'hardware_key', 'hardware_key_pin'] as const
export type MfaMethod = (typeof mfaMethods)[number]

export const proofLifetimeMs: DurationMs = 3 * minute
/** Things that one proof is for. */
export const maxProofSubjects = 100

export interface MfaProof {
  readonly user: string
  /** Public id of the session. */
  readonly sessionId: string
  readonly purpose: MfaPurpose
  readonly method: MfaMethod
  readonly expiresAt: Instant
  /** Of the things that it was given for those that are not spent. */
  readonly unspent: readonly string[]
}

export interface ProofUse {
  readonly user: string
  readonly sessionId: string
  readonly purpose: MfaPurpose
  readonly subject: string
}

/** Why a proof is not good for this, for the audit log; undefined: it is. */
export function judgeProof(proof: MfaProof | undefined, use: ProofUse, now: Instant): string | undefined {
  if (proof === undefined) return 'the proof is unknown'
  if (proof.user !== use.user) return 'the proof is that of somebody else'
  if (proof.sessionId !== use.sessionId) return 'the proof was given in another session'
  if (proof.purpose !== use.purpose) return 'the proof was given for another purpose'
  if (now >= proof.expiresAt) return 'the proof has expired'
  return proof.unspent.includes(use.subject)
    ? undefined
    : 'the proof is not for this, or was used for it before'
}
