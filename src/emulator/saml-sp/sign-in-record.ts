/**
 * @module The record of a sign-in at an ACS, made from the verdict on its Response.
 */
import { formatTime, type EmulatorContext } from '../context.js'
import type { SignIn } from '../state/sign-in.js'
import type { Verdict } from './check-response.js'
import { messages } from './messages.js'

export interface AcsPost {
  readonly acsUrl: string
  /** RelayState as it came back, undefined where none came. */
  readonly relayState: string | undefined
}

/** `expiresAt` is the end of the portal session that the sign-in starts. */
export function buildSignIn(
  context: EmulatorContext,
  { acsUrl, relayState }: AcsPost,
  verdict: Verdict,
  expiresAt?: number,
): SignIn {
  const { facts } = verdict
  const sent = context.state.sentRequests.get(facts.inResponseTo ?? '')?.relayState
  return {
    id: context.random.uuid(),
    time: formatTime(context.clock.now()),
    eventName: 'ExternalIdPDirectoryLogin',
    outcome: verdict.accepted ? 'Success' : 'Failure',
    userName: facts.userName ?? null,
    errorMessage: verdict.accepted ? null : verdict.cause,
    userMessage: verdict.accepted ? null : `${messages[verdict.says].title} / ${messages[verdict.says].text}`,
    failedCheck: verdict.accepted ? null : verdict.failedCheck,
    checks: verdict.checks,
    acsUrl,
    initiatedBy: facts.inResponseTo === undefined ? 'idp' : 'sp',
    inResponseTo: facts.inResponseTo ?? null,
    relayState: { sent: sent ?? null, returned: relayState ?? null, equal: sent === relayState },
    issuer: facts.issuer ?? null,
    assertionId: facts.assertionId ?? null,
    sessionIndex: facts.sessionIndex ?? null,
    authnContextClassRef: facts.authnContextClassRef ?? null,
    sessionNotOnOrAfter: facts.sessionNotOnOrAfter ?? null,
    portalSessionExpiresAt: expiresAt === undefined ? null : formatTime(expiresAt),
    signed: facts.signed ?? [],
    attributes: facts.attributes ?? {},
  }
}
