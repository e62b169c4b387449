/** @module Signing in and out, the second factor, and one-time links. */
import { z } from 'zod'
import { connectorButton } from './connectors.js'
import { passkeyAssertion, passkeyCreation } from './passkeys.js'
import { password, secret, totpCode, userName } from './shared.js'

/** A way to give a second factor: a passkey, or a code of an authenticator app. */
export const factorWay = z.enum(['passkey', 'code'])
export type FactorWay = z.infer<typeof factorWay>

/** Who is asking, and what the page may show them. */
export const sessionAnswer = z.object({
  clusterName: z.string(),
  /** Empty where no cookie came. */
  csrfToken: z.string(),
  /** `password`: the second factor is still to come. */
  stage: z.enum(['none', 'password', 'full']),
  /** A person, also one who is half signed in, or a machine user. */
  user: z.object({ name: z.string(), roles: z.array(z.string()) }).optional(),
  /** Who asks: a person (browser or command line), a machine user, or the operator of the gateway's machine. */
  actor: z.object({ kind: z.enum(['person', 'machine', 'operator']), name: z.string() }).optional(),
  /** `resource:verb` for each right the navigation asks about. */
  rights: z.array(z.string()),
  expiresAt: z.string().optional(),
  /** Whether a passkey signs in without name and password. */
  passwordless: z.boolean(),
  /** Through which people may sign in, by name. */
  connectors: z.array(connectorButton),
  /** Through which this session began; absent where it began here. */
  connector: z.string().optional(),
  /** Of stage `password`: in which ways the second factor may be given. */
  secondFactors: z.array(factorWay).optional(),
})
export type SessionAnswer = z.infer<typeof sessionAnswer>

/** `next` is a path of ours; anything else is ignored in favour of `/`. */
export const signInRequest = z.strictObject({
  user: userName,
  password,
  next: z.string().max(4096).optional(),
})
export type SignInRequest = z.infer<typeof signInRequest>
export const signInTotpRequest = z.strictObject({ code: totpCode, next: z.string().max(4096).optional() })
export type SignInTotpRequest = z.infer<typeof signInTotpRequest>
export const signInRecoveryRequest = z.strictObject({
  code: z.string().min(1).max(60),
  next: z.string().max(4096).optional(),
})
export type SignInRecoveryRequest = z.infer<typeof signInRecoveryRequest>
/** Alone, or after the password. */
export const signInPasskeyRequest = z.strictObject({
  passkey: passkeyAssertion,
  next: z.string().max(4096).optional(),
})
export type SignInPasskeyRequest = z.infer<typeof signInPasskeyRequest>
export const signInAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('second_factor_required'), secondFactors: z.array(factorWay) }),
  z.object({ status: z.literal('signed_in'), next: z.string() }),
])
export type SignInAnswer = z.infer<typeof signInAnswer>

export const stepUpStartRequest = z.strictObject({ handle: secret })
/** One of the two. */
export const stepUpRequest = z.strictObject({
  handle: secret,
  code: totpCode.optional(),
  passkey: passkeyAssertion.optional(),
})
export type StepUpRequest = z.infer<typeof stepUpRequest>
/** Where the browser goes on with its sign-in. */
export const stepUpAnswer = z.object({ next: z.string() })
export type StepUpAnswer = z.infer<typeof stepUpAnswer>

/** What the step-up page tells about the sign-in that waits. */
export const pendingSignInAnswer = z.object({
  serviceProvider: z.string(),
  entityId: z.string(),
  user: z.string(),
  /** In which ways the person can give it; without one they must enrol a factor first, outside the step-up. */
  ways: z.array(factorWay),
  /** How strong it has to be: of `hardware_key` nothing but a key whose maker is trusted counts. */
  needs: z.enum(['factor', 'hardware_key', 'hardware_key_pin']),
  because: z.string(),
})
export type PendingSignInAnswer = z.infer<typeof pendingSignInAnswer>

export const linkInspectRequest = z.strictObject({ token: secret })
export const linkAnswer = z.object({
  kind: z.enum(['invite', 'reset']),
  user: z.string(),
  expiresAt: z.string(),
  /**
   * A seed to enrol, another one each time; a reset keeps the factors that exist and shows none. The ticket is
   * sealed, lives 15 minutes and comes back with the first code.
   */
  totp: z.object({ ticket: z.string(), secret: z.string(), uri: z.string() }).optional(),
  /** Whether a passkey may be made instead of an authenticator app. */
  passkey: z.boolean(),
  /** Whether one of the two has to be set up. */
  secondFactorRequired: z.boolean(),
})
export type LinkAnswer = z.infer<typeof linkAnswer>
export const linkRedeemRequest = z.strictObject({
  token: secret,
  password,
  totp: z.strictObject({ ticket: z.string().max(4096), code: totpCode }).optional(),
  passkey: passkeyCreation.optional(),
})
export type LinkRedeemRequest = z.infer<typeof linkRedeemRequest>
/** The person whose password is set now. */
export const linkRedeemAnswer = z.object({ user: z.string() })
