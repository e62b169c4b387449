/** @module Proofs of a second factor, which changes ask for by `SESSION_MFA_REQUIRED`. */
import { z } from 'zod'
import { maxProofSubjects, mfaPurposes } from '../../core/mfa/proof.js'
import { totpCode } from './shared.js'

export const mfaProofRequest = z.strictObject({
  purpose: z.enum(mfaPurposes),
  /** What it is for: of `review_requests` ids of access requests. Each is good for one decision. */
  subjects: z.array(z.string().min(1).max(300)).min(1).max(maxProofSubjects),
  code: totpCode,
})
export type MfaProofRequest = z.infer<typeof mfaProofRequest>

/** `proof` is told this once; it is good within the session that gave it. */
export const mfaProofAnswer = z.object({ proof: z.string(), expiresAt: z.string() })
export type MfaProofAnswer = z.infer<typeof mfaProofAnswer>
