/**
 * @module Passkeys on the wire: what the browser is asked, and what it answers, in the JSON of WebAuthn Level 3 §5.1.
 * Browsers add fields of their own to answers; those are left out.
 */
import { z } from 'zod'

/** base64url, bounded: attestations with certificates have a few thousand characters. */
const bytes = z
  .string()
  .regex(/^[A-Za-z0-9_-]*$/)
  .max(16_384)
const credentialId = bytes.min(1).max(1400)

export const passkeyCreation = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string().max(20)).max(10).optional(),
  }),
  clientExtensionResults: z.object({ credProps: z.object({ rk: z.boolean().optional() }).optional() }),
})
export type PasskeyCreation = z.infer<typeof passkeyCreation>

export const passkeyAssertion = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: bytes.max(128).optional(),
  }),
})
export type PasskeyAssertion = z.infer<typeof passkeyAssertion>

const descriptor = z.object({
  type: z.literal('public-key'),
  id: z.string(),
  transports: z.array(z.string()),
})

/** What the browser is asked when a passkey is made. */
export const passkeyCreationOptions = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.number() })),
  timeout: z.number(),
  excludeCredentials: z.array(descriptor),
  authenticatorSelection: z.object({
    residentKey: z.literal('preferred'),
    requireResidentKey: z.literal(false),
    userVerification: z.literal('preferred'),
  }),
  attestation: z.enum(['none', 'direct']),
  extensions: z.object({ credProps: z.literal(true) }),
})
export type PasskeyCreationOptions = z.infer<typeof passkeyCreationOptions>

/** What the browser is asked when a passkey is used. */
export const passkeyRequestOptions = z.object({
  challenge: z.string(),
  rpId: z.string(),
  timeout: z.number(),
  /** Empty: the person picks one that the authenticator finds. */
  allowCredentials: z.array(descriptor),
  userVerification: z.enum(['required', 'preferred']),
})
export type PasskeyRequestOptions = z.infer<typeof passkeyRequestOptions>
