/**
 * @module Session MFA inside a sign-in: a fresh code, good for this sign-in, this application and this session
 * only. No factor can be enrolled from here: whoever holds a stolen session must not be able to add their own.
 */
import { assertUnlocked } from '../../core/lock/describe.js'
import type { RequestOrigin } from '../context.js'
import { locksOn } from '../locks/in-force.js'
import type { PeopleDeps } from '../people/deps.js'
import { hashToken } from '../people/tokens.js'
import { verifyTotp } from '../people/verify-totp.js'
import { findPending, type SignedIn } from './continue-sign-in.js'
import type { SamlDeps } from './deps.js'

/** What the step-up page tells. */
export interface PendingView {
  readonly serviceProvider: string
  readonly entityId: string
  readonly user: string
  readonly hasFactor: boolean
}

/** @throws GatewayError `SAML_REQUEST_GONE`, `SAML_REQUEST_ANSWERED`. */
export async function describePending(
  deps: SamlDeps,
  handle: string,
  signedIn: SignedIn,
): Promise<PendingView> {
  const pending = await findPending(deps, handle)
  const factors = await deps.store.credentials.listTotp(signedIn.user.name)
  return {
    serviceProvider: pending.serviceProvider,
    entityId: pending.entityId,
    user: signedIn.user.name,
    hasFactor: factors.length > 0,
  }
}

/**
 * Proves a code for the sign-in behind the handle; spending the code and remembering the proof are one change.
 * @throws GatewayError `LOCKED`, `SECOND_FACTOR_INVALID`, `SECOND_FACTOR_MISSING`, `TOO_MANY_ATTEMPTS`, as
 * findPending.
 */
export async function stepUp(
  deps: SamlDeps & PeopleDeps,
  input: { handle: string; code: string },
  signedIn: SignedIn,
  origin: RequestOrigin,
): Promise<void> {
  const { entityId } = await findPending(deps, input.handle)
  const { user, session } = signedIn
  const locks = locksOn(await deps.catalog.read(), { user, session: session.id }, deps.clock.now())
  assertUnlocked(locks, user.name)
  const proof = {
    user: user.name,
    code: input.code,
    scope: 'step_up',
    fields: { service_provider_entity_id: entityId, web_session_id: session.id },
  } as const
  await verifyTotp(deps, proof, origin, async (tx) => {
    const mfa = { sessionId: session.id, method: 'totp', at: deps.clock.now() }
    await tx.signIns.recordMfa(hashToken(input.handle), mfa)
  })
}
