/** @module Proofs of a second factor, which changes ask for by `SESSION_MFA_REQUIRED`. */
import { z } from 'zod'
import { maxProofSubjects, mfaPurposes } from '../../core/mfa/proof.js'
import { passkeyAssertion } from './passkeys.js'
import { totpCode } from './shared.js'

/** What `needsMfa` or `SESSION_MFA_REQUIRED` said; a key is asked for its PIN where that takes it. */
const needs = z.enum(['factor', 'hardware_key', 'hardware_key_pin']).optional()

const about = {
  purpose: z.enum(mfaPurposes),
  /** What it is for: of `review_requests` ids of access requests, of `administer` what the refusal of the change said. */
  subjects: z.array(z.string().min(1).max(300)).min(1).max(maxProofSubjects),
  needs,
}

/** Asks for a passkey for one proof; the answer counts for these subjects and no others. */
export const mfaProofStart = z.strictObject(about)
export type MfaProofStart = z.infer<typeof mfaProofStart>

/** With a code or a passkey. */
export const mfaProofRequest = z.strictObject({
  ...about,
  code: totpCode.optional(),
  passkey: passkeyAssertion.optional(),
})
export type MfaProofRequest = z.infer<typeof mfaProofRequest>

/** `proof` is told this once; it is good within the session that gave it. */
export const mfaProofAnswer = z.object({ proof: z.string(), expiresAt: z.string() })
export type MfaProofAnswer = z.infer<typeof mfaProofAnswer>
