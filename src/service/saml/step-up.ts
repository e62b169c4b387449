/**
 * @module Session MFA inside a sign-in: a fresh code or passkey, good for this sign-in, this application and this
 * session only. No factor can be enrolled from here: whoever holds a stolen session must not be able to add their own.
 */
import type { PasskeyAssertion } from '../../authn/authn.js'
import { GatewayError } from '../../core/error.js'
import type { RequestOptions } from '../../core/factor/passkey-options.js'
import { assertUnlocked } from '../../core/lock/describe.js'
import type { PendingSignIn, StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { locksOn } from '../locks/in-force.js'
import type { PeopleDeps } from '../people/deps.js'
import { assertOffered, waysOfPerson, type FactorWay } from '../people/factors.js'
import { hashToken } from '../people/tokens.js'
import { askForPasskey, verifyPasskey } from '../people/verify-passkey.js'
import { verifyTotp } from '../people/verify-totp.js'
import { findPending, type SignedIn } from './continue-sign-in.js'
import type { SamlDeps } from './deps.js'

/** What the step-up page tells. */
export interface PendingView {
  readonly serviceProvider: string
  readonly entityId: string
  readonly user: string
  /** In which ways the person can give what is asked for. */
  readonly ways: readonly FactorWay[]
  readonly because: string
}

/** @throws GatewayError `SAML_REQUEST_GONE`, `SAML_REQUEST_ANSWERED`. */
export async function describePending(
  deps: SamlDeps & PeopleDeps,
  handle: string,
  signedIn: SignedIn,
): Promise<PendingView> {
  const pending = await findPending(deps, handle)
  const { serviceProvider, entityId } = pending
  const ways = await waysOfPerson(deps, signedIn.user.name)
  return {
    serviceProvider,
    entityId,
    user: signedIn.user.name,
    ways: ways.filter((way) => does(pending, way)),
    because: pending.asksSecondFactor
      ? `${serviceProvider} asks for a fresh code at each sign-in.`
      : `${serviceProvider} asks for a fresh second factor at each sign-in.`,
  }
}

/** A request that accepts nothing but a one-time code gets one (SAML Core 3.3.2.2.1, exact comparison). */
function does(pending: PendingSignIn, way: FactorWay): boolean {
  return way === 'code' || !pending.asksSecondFactor
}

/**
 * Asks for one of the person's passkeys, for this sign-in alone.
 * @throws GatewayError `SECOND_FACTOR_MISSING`, `FACTOR_NOT_ALLOWED`, as findPending.
 */
export async function startStepUp(
  deps: SamlDeps & PeopleDeps,
  handle: string,
  signedIn: SignedIn,
): Promise<RequestOptions> {
  const pending = await findPending(deps, handle)
  assertDoes(pending)
  await assertOffered(deps, 'webauthn')
  const passkeys = await deps.store.passkeys.list(signedIn.user.name)
  if (passkeys.length === 0) throw noPasskey()
  return await askForPasskey(deps, proofFor(pending, handle, signedIn), passkeys)
}

/**
 * Proves a code or a passkey for the sign-in behind the handle; spending it and remembering the proof are one change.
 * @throws GatewayError `LOCKED`, `SECOND_FACTOR_REQUIRED`, `SECOND_FACTOR_INVALID`, `SECOND_FACTOR_MISSING`,
 * `FACTOR_NOT_ALLOWED`, `TOO_MANY_ATTEMPTS`, as findPending.
 */
export async function stepUp(
  deps: SamlDeps & PeopleDeps,
  input: {
    readonly handle: string
    readonly code?: string | undefined
    readonly passkey?: PasskeyAssertion | undefined
  },
  signedIn: SignedIn,
  origin: RequestOrigin,
): Promise<void> {
  const { handle, code, passkey } = input
  const pending = await findPending(deps, handle)
  const { user, session } = signedIn
  const locks = locksOn(await deps.catalog.read(), { user, session: session.id }, deps.clock.now())
  assertUnlocked(locks, user.name)
  const fields = { service_provider_entity_id: pending.entityId, web_session_id: session.id }
  const remember = async (tx: StoreTransaction, method: string): Promise<void> => {
    const mfa = { sessionId: session.id, method, at: deps.clock.now() }
    await tx.signIns.recordMfa(hashToken(handle), mfa)
  }
  if (passkey !== undefined) {
    assertDoes(pending)
    await assertOffered(deps, 'webauthn')
    const proof = { ...proofFor(pending, handle, signedIn), answer: passkey, fields }
    await verifyPasskey(deps, proof, origin, async (tx) => await remember(tx, 'passkey'))
    return
  }
  if (code === undefined) {
    throw new GatewayError('SECOND_FACTOR_REQUIRED', 'give a passkey, or a code of your authenticator app')
  }
  await assertOffered(deps, 'otp')
  const proof = { user: user.name, code, scope: 'step_up', fields } as const
  await verifyTotp(deps, proof, origin, async (tx) => await remember(tx, 'totp'))
}

/** T10: bound to this SAML request, this service provider and this session. */
function proofFor({ entityId }: PendingSignIn, handle: string, { user, session }: SignedIn) {
  return {
    purpose: 'step_up',
    user: user.name,
    sessionId: session.id,
    subject: `${hashToken(handle)} ${entityId}`,
    requireVerification: false,
  } as const
}

function assertDoes(pending: PendingSignIn): void {
  if (does(pending, 'passkey')) return
  throw new GatewayError(
    'FACTOR_NOT_ALLOWED',
    `${pending.serviceProvider} accepts nothing but a code of an authenticator app`,
  )
}

function noPasskey(): GatewayError {
  return new GatewayError(
    'SECOND_FACTOR_MISSING',
    'you have no passkey; add one in your settings and start again',
  )
}
