/**
 * @module Whether what a session has proved is enough for what a request asks of it, apart from what roles ask.
 */
import { connectorOfMethods, reauthenticated } from '../connector/connector.js'
import type { Instant } from '../time.js'

/** What an AuthnRequest asks of the person's proof. */
export interface AskedProof {
  readonly forceAuthn: boolean
  readonly receivedAt: Instant
  /** See `judge-request.ts`: nothing less than a one-time code would do. */
  readonly asksSecondFactor: boolean
}

/**
 * SAML Core 3.4.1: ForceAuthn wants a proof newer than the request itself. Somebody who came through a connector proved
 * themselves there, perhaps hours ago: it counts where the upstream asked again.
 */
export function isStale(
  asked: AskedProof,
  session: { readonly authenticatedAt: Instant; readonly methods: readonly string[] },
): boolean {
  if (!asked.forceAuthn) return false
  const { methods } = session
  const isOld = connectorOfMethods(methods) !== undefined && !methods.includes(reauthenticated)
  return isOld || session.authenticatedAt < asked.receivedAt
}

/** Whether the request wants a second factor that neither the session nor this sign-in has given. */
export function lacksSecondFactor(
  asked: AskedProof,
  given: { readonly methods: readonly string[]; readonly mfa: boolean },
): boolean {
  return asked.asksSecondFactor && !given.mfa && !given.methods.includes('totp')
}
