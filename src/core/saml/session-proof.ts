/**
 * @module Whether what a session has proved is enough for what a request asks of it, apart from what roles ask.
 */
import type { Instant } from '../time.js'

/** What an AuthnRequest asks of the person's proof. */
export interface AskedProof {
  readonly forceAuthn: boolean
  readonly receivedAt: Instant
  /** See `judge-request.ts`: nothing less than a one-time code would do. */
  readonly asksSecondFactor: boolean
}

/** SAML Core 3.4.1: ForceAuthn wants a proof newer than the request itself. */
export function isStale(asked: AskedProof, session: { readonly authenticatedAt: Instant }): boolean {
  return asked.forceAuthn && session.authenticatedAt < asked.receivedAt
}

/** Whether the request wants a one-time code that neither the session nor this sign-in has given. */
export function lacksSecondFactor(
  asked: AskedProof,
  given: { readonly methods: readonly string[]; readonly mfa: string },
): boolean {
  return asked.asksSecondFactor && given.mfa !== 'totp' && !given.methods.includes('totp')
}
