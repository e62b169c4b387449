/**
 * @module Session MFA inside a sign-in: a fresh code or passkey, good for this sign-in, this application and this
 * session only. No factor can be enrolled from here: whoever holds a stolen session must not be able to add their own.
 */
import type { PasskeyAssertion } from '../../authn/authn.js'
import { GatewayError } from '../../core/error.js'
import type { RequestOptions } from '../../core/factor/passkey-options.js'
import { lacksSecondFactor } from '../../core/saml/session-proof.js'
import type { MfaMethod } from '../../core/mfa/proof.js'
import { nameNeed, needsHardware, type FactorNeed } from '../../core/mfa/strength.js'
import { assertUnlocked } from '../../core/lock/describe.js'
import type { PendingSignIn, StoreTransaction } from '../../store/store.js'
import { personAt } from '../access-requests/assumed.js'
import type { RequestOrigin } from '../context.js'
import { locksOn } from '../locks/in-force.js'
import type { PeopleDeps } from '../people/deps.js'
import { assertOffered, waysOfPerson, type FactorWay } from '../people/factors.js'
import { hashToken } from '../people/tokens.js'
import { askForKeyThat, verifyKeyThat } from '../people/strong-passkey.js'
import { verifyTotp } from '../people/verify-totp.js'
import { findPending, type SignedIn } from './continue-sign-in.js'
import { decideSignIn } from './decide-sign-in.js'
import type { SamlDeps } from './deps.js'

/** What the step-up page tells. */
export interface PendingView {
  readonly serviceProvider: string
  readonly entityId: string
  readonly user: string
  /** In which ways the person can give what is asked for. */
  readonly ways: readonly FactorWay[]
  /** How strong it has to be. */
  readonly needs: Asked['need']
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
  const asked = await readAsked(deps, pending, signedIn)
  const ways = await waysOfPerson(deps, signedIn.user.name)
  return {
    serviceProvider,
    entityId,
    user: signedIn.user.name,
    ways: ways.filter((way) => asked.ways.includes(way)),
    needs: asked.need,
    because: asked.because,
  }
}

interface Asked {
  readonly need: Exclude<FactorNeed, 'none'>
  /** In which ways it can be given, by anybody. */
  readonly ways: readonly FactorWay[]
  readonly because: string
}

/**
 * What this sign-in takes: a request that accepts nothing but a one-time code gets one (SAML Core 3.3.2.2.1, exact
 * comparison), and where roles or the cluster want a hardware key nothing else does.
 */
async function readAsked(deps: SamlDeps, pending: PendingSignIn, signedIn: SignedIn): Promise<Asked> {
  const { serviceProvider: name } = pending
  const catalog = await deps.catalog.read()
  const sp = catalog.serviceProviderByName(name)
  const { session } = signedIn
  const decision =
    sp &&
    decideSignIn(catalog, personAt(signedIn, sp.name), sp, {
      mfa: 'none',
      hardwareKey: true,
      ignoresDevice: true,
      session: session.id,
      now: deps.clock.now(),
    })
  const need = decision?.effect === 'step_up' && decision.need !== 'none' ? decision.need : 'factor'
  const wantsCode = lacksSecondFactor(pending, { methods: session.methods, mfa: 'none' })
  if (!needsHardware(need)) {
    return wantsCode
      ? { need, ways: ['code'], because: `${name} asks for a fresh code at each sign-in.` }
      : {
          need,
          ways: ['passkey', 'code'],
          because: `${name} asks for a fresh second factor at each sign-in.`,
        }
  }
  const wants = `${name} asks for ${nameNeed(need)} at each sign-in`
  // One sign-in keeps one proof, so that the code has to come with the session.
  return wantsCode
    ? {
        need,
        ways: [],
        because: `${wants}, and for a code of an authenticator app beside it. Sign out, sign in with your password and a code, and start again.`,
      }
    : { need, ways: ['passkey'], because: `${wants}. No other passkey and no code replaces it.` }
}

/**
 * Asks for one of the person's passkeys, for this sign-in alone.
 * @throws GatewayError `SECOND_FACTOR_MISSING`, `FACTOR_NOT_ALLOWED`, as findPending.
 */
export async function startStepUp(
  deps: SamlDeps & PeopleDeps,
  handle: string,
  signedIn: SignedIn,
  origin: RequestOrigin,
): Promise<RequestOptions> {
  const pending = await findPending(deps, handle)
  const asked = await readAsked(deps, pending, signedIn)
  assertWay(asked, 'passkey')
  return await askForKeyThat(deps, proofFor(pending, handle, signedIn, asked), asked.need, origin)
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
  const remember = async (tx: StoreTransaction, method: MfaMethod): Promise<void> => {
    const mfa = { sessionId: session.id, method, at: deps.clock.now() }
    await tx.signIns.recordMfa(hashToken(handle), mfa)
  }
  const asked = await readAsked(deps, pending, signedIn)
  if (passkey !== undefined) {
    assertWay(asked, 'passkey')
    await assertOffered(deps, 'webauthn')
    const proof = { ...proofFor(pending, handle, signedIn, asked), answer: passkey, fields }
    await verifyKeyThat(deps, { ...proof, need: asked.need }, origin, remember)
    return
  }
  if (code === undefined) {
    throw new GatewayError('SECOND_FACTOR_REQUIRED', 'give a passkey, or a code of your authenticator app')
  }
  assertWay(asked, 'code')
  await assertOffered(deps, 'otp')
  const proof = { user: user.name, code, scope: 'step_up', fields } as const
  await verifyTotp(deps, proof, origin, async (tx) => await remember(tx, 'totp'))
}

/** T10: bound to this SAML request, this service provider and this session. */
function proofFor({ entityId }: PendingSignIn, handle: string, { user, session }: SignedIn, { need }: Asked) {
  return {
    purpose: 'step_up',
    user: user.name,
    sessionId: session.id,
    subject: `${hashToken(handle)} ${entityId}`,
    requireVerification: need === 'hardware_key_pin',
  } as const
}

function assertWay({ ways, because }: Asked, way: FactorWay): void {
  if (!ways.includes(way)) throw new GatewayError('FACTOR_NOT_ALLOWED', because)
}
