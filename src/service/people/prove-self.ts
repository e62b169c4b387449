/**
 * @module The proof that changes of a person's own factors need (T10): one of the factors that exist, or the password
 * where there is none; whoever came through a connector has none, and has just signed in there. A session stolen later
 * enrols nothing and removes nothing.
 */
import type { PasskeyAssertion } from '../../authn/authn.js'
import { connectorOfMethods } from '../../core/connector/connector.js'
import { GatewayError } from '../../core/error.js'
import { recoveringMs } from '../../core/factor/recovery-code.js'
import type { Instant } from '../../core/time.js'
import type { RequestOptions } from '../../core/factor/passkey-options.js'
import { minute } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { OwnSettingsDeps } from './deps.js'
import { countFactors, factorsOf } from './factors.js'
import { assertFull, provePassword } from './own-settings.js'
import type { ActiveSession } from './session.js'
import { askForPasskey, verifyPasskey } from './verify-passkey.js'
import { verifyTotp } from './verify-totp.js'

/** One of them, as the person has it. */
export interface SelfProof {
  readonly password?: string | undefined
  readonly code?: string | undefined
  readonly passkey?: PasskeyAssertion | undefined
}

function passkeyProof({ user, session }: ActiveSession) {
  const sessionId = session.id
  return { purpose: 'manage_factors', user: user.name, sessionId, requireVerification: false } as const
}

/** Asks for one of the person's passkeys. @throws GatewayError `SECOND_FACTOR_MISSING`, `FACTOR_NOT_ALLOWED`. */
export async function askOwnPasskey(
  deps: OwnSettingsDeps,
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<RequestOptions> {
  assertFull(signedIn)
  const passkeys = await deps.store.passkeys.list(signedIn.user.name)
  if (passkeys.length === 0) throw new GatewayError('SECOND_FACTOR_MISSING', 'you have no passkey')
  return await askForPasskey(deps, passkeyProof(signedIn), passkeys, origin)
}

/**
 * Proves by a factor, and does `apply` in the transaction that spends the proof.
 * @throws GatewayError `SECOND_FACTOR_REQUIRED`, `SECOND_FACTOR_INVALID`, `TOO_MANY_ATTEMPTS`.
 */
export async function proveByFactor(
  deps: OwnSettingsDeps,
  proof: Omit<SelfProof, 'password'>,
  signedIn: ActiveSession,
  origin: RequestOrigin,
  apply: (tx: StoreTransaction) => Promise<void> = async () => {},
): Promise<void> {
  const user = signedIn.user.name
  if (proof.passkey !== undefined) {
    const answered = { ...passkeyProof(signedIn), answer: proof.passkey }
    await verifyPasskey(deps, answered, origin, apply)
    return
  }
  if (proof.code === undefined) {
    throw new GatewayError(
      'SECOND_FACTOR_REQUIRED',
      'confirm with a second factor that you have: a passkey, or a code of an authenticator app',
    )
  }
  await verifyTotp(deps, { user, code: proof.code, scope: 'manage_factors' }, origin, apply)
}

/**
 * Whether this session began with a recovery code a short while ago: whoever lost every factor then adds a new one with
 * the password, as somebody who never had one does.
 */
export function isRecovering({ session }: ActiveSession, now: Instant): boolean {
  return session.methods.includes('recovery_code') && now < session.authenticatedAt + recoveringMs
}

/**
 * Proves who adds a factor; answers whether it is their first.
 * @throws GatewayError `SIGN_IN_FAILED` for a wrong or missing password, and as {@link proveByFactor}.
 */
export async function proveToAdd(
  deps: OwnSettingsDeps,
  proof: SelfProof,
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<{ readonly first: boolean }> {
  assertFull(signedIn)
  const first = countFactors(await factorsOf(deps.store, signedIn.user.name)) === 0
  if (!first && (proof.password === undefined || !isRecovering(signedIn, deps.clock.now()))) {
    await proveByFactor(deps, proof, signedIn, origin)
    return { first }
  }
  if (connectorOfMethods(signedIn.session.methods) !== undefined) {
    assertJustSignedIn(deps, signedIn)
    return { first }
  }
  if (proof.password === undefined) {
    throw new GatewayError('SIGN_IN_FAILED', 'type your password to add your first second factor')
  }
  await provePassword(deps, proof.password, signedIn, origin)
  return { first }
}

/** How long a sign-in through a connector counts as proof of who is here. */
const freshMs = 5 * minute

/** @throws GatewayError `SIGN_IN_FAILED`. */
function assertJustSignedIn({ clock }: OwnSettingsDeps, { session }: ActiveSession): void {
  if (clock.now() - session.authenticatedAt < freshMs) return
  const connector = connectorOfMethods(session.methods) ?? ''
  throw new GatewayError(
    'SIGN_IN_FAILED',
    `you sign in through "${connector}" and have no password here: sign out, sign in again, and add your first second factor within five minutes`,
  )
}
