/**
 * @module Sign-in by a passkey: as the second factor after the password, or alone, where the authenticator finds the
 * person and verifies them by PIN, finger or face. Whoever fails alone learns nothing: a passkey that nobody has and
 * one that is refused give the same words (T9). A name that a connector made never signs in here (T7).
 */
import type { PasskeyAssertion } from '../../authn/authn.js'
import { GatewayError, isCode } from '../../core/error.js'
import type { RequestOptions } from '../../core/factor/passkey-options.js'
import { assertUnlocked, lockAuditMessage } from '../../core/lock/describe.js'
import type { User } from '../../core/user/user.js'
import type { RequestOrigin } from '../context.js'
import { locksOn, locksWithin } from '../locks/in-force.js'
import { completeSignIn, findHalf } from './complete-sign-in.js'
import type { SignInDeps } from './deps.js'
import { assertOffered, isOffered } from './factors.js'
import { limitAddress, recogniseAddress } from './limits.js'
import { record, recordRefusal } from './record.js'
import type { ActiveSession } from './session.js'
import type { SignInResult } from './sign-in.js'
import { buildSession, recordSkippedLists, replaceSession } from './start-session.js'
import { askForPasskey, describePasskey, isFailedProof, verifyPasskey } from './verify-passkey.js'

/** A passkey instead of name and password: it proves that somebody has it and who they are. */
const passwordlessProof = {
  purpose: 'passwordless',
  user: undefined,
  sessionId: undefined,
  requireVerification: true,
} as const

function secondFactorProof({ user, session }: ActiveSession) {
  const sessionId = session.id
  return { purpose: 'second_factor', user: user.name, sessionId, requireVerification: false } as const
}

/** Whether a passkey signs in alone here. */
export async function offersPasswordless(deps: Pick<SignInDeps, 'catalog' | 'publicUrl'>): Promise<boolean> {
  const preference = await deps.catalog.preference()
  return preference.allowPasswordless && isOffered('webauthn', deps, preference)
}

/** Asks for any passkey of this gateway. @throws GatewayError `FACTOR_NOT_ALLOWED`, `TOO_MANY_ATTEMPTS`. */
export async function startPasswordless(deps: SignInDeps, origin: RequestOrigin): Promise<RequestOptions> {
  await assertPasswordless(deps)
  await limitAddress(deps, 'passkey', origin.address)
  return await askForPasskey(deps, passwordlessProof, [])
}

/**
 * Signs in the person whose passkey it is; ends the session of `previousToken`.
 * @throws GatewayError `SIGN_IN_FAILED`, `FACTOR_NOT_ALLOWED`, `LOCKED`, `TOO_MANY_ATTEMPTS`.
 */
export async function signInPasswordless(
  deps: SignInDeps,
  input: { readonly passkey: PasskeyAssertion },
  origin: RequestOrigin,
  previousToken?: string,
): Promise<SignInResult> {
  await assertPasswordless(deps)
  const known = await deps.store.passkeys.findByCredentialId(input.passkey.id)
  const user = known && (await deps.catalog.user(known.user))
  try {
    const proof = { ...passwordlessProof, answer: input.passkey }
    const person = user && ({ user, stage: 'full', methods: ['passkey'] } as const)
    const begun = person && (await buildSession(deps, person, origin))
    const fresh = await verifyPasskey(deps, proof, origin, async (tx, passkey) => {
      if (begun === undefined || user?.origin.kind !== 'local' || passkey.user !== user.name) throw failed()
      // Asked only after the proof: a lock must not tell a stranger whose passkey it is (T9).
      assertUnlocked(await locksWithin(deps, tx, user))
      await replaceSession(tx, begun, previousToken)
      const fields = { sid: begun.session.id, method: 'local', mfa_device: describePasskey(passkey) }
      await record(deps, tx, { event: 'user.login', success: true, user: user.name, fields }, origin)
      await recordSkippedLists(deps, tx, begun, origin)
      return begun
    })
    await recogniseAddress(deps, fresh.session.user, origin.address)
    return { status: 'signed_in', token: fresh.token, session: fresh.session, secondFactors: [] }
  } catch (error) {
    await recordFailure(deps, user, error, origin)
    throw isFailedProof(error) ? failed() : error
  }
}

/** Asks for one of the person's passkeys. @throws GatewayError `NOT_SIGNED_IN`, `FACTOR_NOT_ALLOWED`. */
export async function startSecondFactor(
  deps: SignInDeps,
  token: string | undefined,
): Promise<RequestOptions> {
  const half = await findHalf(deps, token)
  await assertOffered(deps, 'webauthn')
  const passkeys = await deps.store.passkeys.list(half.user.name)
  return await askForPasskey(deps, secondFactorProof(half), passkeys)
}

/**
 * Completes the sign-in of the session that `token` opens.
 * @throws GatewayError `NOT_SIGNED_IN`, `SECOND_FACTOR_INVALID`, `FACTOR_NOT_ALLOWED`, `LOCKED`, `TOO_MANY_ATTEMPTS`.
 */
export async function signInSecondFactor(
  deps: SignInDeps,
  input: { readonly passkey: PasskeyAssertion },
  origin: RequestOrigin,
  token: string | undefined,
): Promise<SignInResult> {
  return await completeSignIn(deps, token, 'passkey', origin, async (half, apply) => {
    await assertOffered(deps, 'webauthn')
    const proof = { ...secondFactorProof(half), answer: input.passkey }
    await verifyPasskey(deps, proof, origin, async (tx, passkey) => await apply(tx, describePasskey(passkey)))
  })
}

async function assertPasswordless(deps: SignInDeps): Promise<void> {
  if (await offersPasswordless(deps)) return
  await assertOffered(deps, 'webauthn')
  throw new GatewayError(
    'FACTOR_NOT_ALLOWED',
    'signing in with a passkey alone is switched off here; sign in with your name and password',
  )
}

async function recordFailure(
  deps: SignInDeps,
  user: User | undefined,
  error: unknown,
  origin: RequestOrigin,
): Promise<void> {
  if (!(error instanceof GatewayError)) return
  const refused = ['SECOND_FACTOR_INVALID', 'SIGN_IN_FAILED', 'LOCKED'].includes(error.code)
  if (!refused) return
  const locks =
    user && isCode(error, 'LOCKED') ? locksOn(await deps.catalog.read(), { user }, deps.clock.now()) : []
  const [lock] = locks
  const fields = {
    method: 'local',
    error: lock === undefined ? failed().message : lockAuditMessage(lock),
    message: 'by a passkey alone',
    ...(lock !== undefined && { locks: locks.map(({ name }) => name) }),
  }
  await recordRefusal(deps, { event: 'user.login', user: user?.name, fields }, origin)
}

function failed(): GatewayError {
  return new GatewayError(
    'SIGN_IN_FAILED',
    'this passkey does not sign in here; use another one, or your name and password',
  )
}
