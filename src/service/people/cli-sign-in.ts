/**
 * @module Signing in a command line through the browser (RFC 8252, RFC 7636). A person agrees in the browser, which
 * hands a code to the command line's own port on this machine; the command line redeems it with the verifier that only
 * it has. The code lives a minute, works once and is burned by the first attempt, right or wrong. Nothing here agrees
 * by itself: the page that asks waits for a click.
 */
import { createHash } from 'node:crypto'
import { connectorOfMethods } from '../../core/connector/connector.js'
import { GatewayError } from '../../core/error.js'
import { minute, type DurationMs, type Instant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { CliAuthorization, Session } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { locksWithin } from '../locks/in-force.js'
import type { PeopleDeps } from './deps.js'
import { limitAddress, mayRecordFault, takeBack } from './limits.js'
import { assertFull } from './own-settings.js'
import { record, recordRefusal } from './record.js'
import { listSessions, type ActiveSession } from './session.js'
import { buildSession, recordSkippedLists, type NewSession } from './start-session.js'
import { equalText, hashToken } from './tokens.js'

const codeLifetimeMs: DurationMs = minute

export interface CliConsent {
  /** Where the browser goes, with the code: always this machine, by address and never by name (RFC 8252 8.3). */
  readonly redirectUrl: string
  readonly expiresAt: Instant
}

/**
 * The person of this browser session agrees to sign in the command line that listens on `port`.
 * @throws GatewayError `FORBIDDEN` for a session that is not a browser's, `NOT_SIGNED_IN` for half a sign-in.
 */
export async function agreeToCommandLine(
  deps: PeopleDeps,
  input: { readonly challenge: string; readonly port: number; readonly state: string; readonly host: string },
  signedIn: ActiveSession,
): Promise<CliConsent> {
  assertFull(signedIn)
  if (signedIn.session.client !== 'browser') {
    throw new GatewayError(
      'FORBIDDEN',
      'a command line cannot agree to sign in another one; open the page in a browser',
    )
  }
  const code = deps.random.secret()
  const expiresAt = deps.clock.now() + codeLifetimeMs
  await deps.store.cliAuthorizations.create({
    codeHash: hashToken(code),
    user: signedIn.user.name,
    sessionId: signedIn.session.id,
    challenge: input.challenge,
    port: input.port,
    host: input.host,
    expiresAt,
  })
  const redirect = new URL(`http://127.0.0.1:${input.port}/callback`)
  redirect.searchParams.set('code', code)
  redirect.searchParams.set('state', input.state)
  return { redirectUrl: redirect.href, expiresAt }
}

/**
 * Redeems a code for a session of the command line. Whatever is wrong gives the same words.
 * @throws GatewayError `SIGN_IN_FAILED`, `TOO_MANY_ATTEMPTS`.
 */
export async function redeemCliCode(
  deps: PeopleDeps,
  input: { readonly code: string; readonly verifier: string; readonly port: number },
  origin: RequestOrigin,
): Promise<NewSession> {
  const counted = await limitAddress(deps, 'cli', origin.address)
  const consent = await deps.store.cliAuthorizations.take(hashToken(input.code))
  if (consent === undefined) {
    // It names nobody, and anyone can send one: such events are bounded, as those of SAML are.
    if (await mayRecordFault(deps, origin.address)) {
      await refuse(deps, undefined, 'the code is unknown or was redeemed before', origin)
    }
    throw signInFailed()
  }
  const problem = findProblem(consent, input, deps.clock.now())
  const agreed = problem === undefined ? await findAgreed(deps, consent) : undefined
  if (agreed === undefined) {
    await refuse(deps, consent, problem ?? 'the session that agreed has ended', origin)
    throw signInFailed()
  }
  const { session } = agreed
  const person = { user: agreed.user, stage: 'full', methods: session.methods } as const
  const commandLine = { label: consent.host, authenticatedAt: session.authenticatedAt }
  const built = await buildSession(deps, person, origin, commandLine)
  const fresh = connectorOfMethods(session.methods) === undefined ? built : endingWith(built, session)
  const begun = await deps.store.transaction(async (tx) => {
    // Whatever ended all sessions of this person meanwhile, a lock among it, must not miss this one.
    const still = (await tx.sessions.listByUser(consent.user)).some(({ id }) => id === consent.sessionId)
    if (!still || (await locksWithin(deps, tx, agreed.user)).length > 0) return false
    await tx.sessions.create(fresh.session)
    const fields = {
      sid: fresh.session.id,
      web_session_id: consent.sessionId,
      method: 'browser',
      label: consent.host,
    }
    await record(deps, tx, { event: 'cli.login', success: true, user: consent.user, fields }, origin)
    await recordSkippedLists(deps, tx, fresh, origin)
    return true
  })
  if (!begun) {
    await refuse(deps, consent, 'the session that agreed has ended', origin)
    throw signInFailed()
  }
  await takeBack(deps, counted)
  return fresh
}

/** An upstream bounds how long its word is believed: no session that rests on it lives longer. */
function endingWith(fresh: NewSession, { expiresAt }: Session): NewSession {
  return { ...fresh, session: { ...fresh.session, expiresAt: Math.min(fresh.session.expiresAt, expiresAt) } }
}

/** Why a consent is not good for who redeems it; for the audit log alone. */
function findProblem(
  consent: CliAuthorization,
  input: { readonly verifier: string; readonly port: number },
  now: Instant,
): string | undefined {
  if (now >= consent.expiresAt) return 'the code has expired'
  if (input.port !== consent.port) return 'the code was made for another port'
  // RFC 7636 4.6, method S256 alone.
  const challenge = createHash('sha256').update(input.verifier).digest('base64url')
  return equalText(challenge, consent.challenge) ? undefined : 'the verifier is wrong'
}

/** The person and the live browser session that agreed. */
async function findAgreed(
  deps: PeopleDeps,
  { user: name, sessionId }: CliAuthorization,
): Promise<{ readonly user: User; readonly session: Session } | undefined> {
  const user = await deps.catalog.user(name)
  const session = user && (await listSessions(deps, user)).find(({ id }) => id === sessionId)
  return user && session && { user, session }
}

async function refuse(
  deps: PeopleDeps,
  consent: CliAuthorization | undefined,
  message: string,
  origin: RequestOrigin,
): Promise<void> {
  const fields = {
    method: 'browser',
    error: signInFailed().message,
    message,
    web_session_id: consent?.sessionId,
    label: consent?.host,
  }
  await recordRefusal(deps, { event: 'cli.login', user: consent?.user, fields }, origin)
}

function signInFailed(): GatewayError {
  return new GatewayError(
    'SIGN_IN_FAILED',
    'this sign-in of a command line is not valid or is over; run "gatehouse login" again',
  )
}
