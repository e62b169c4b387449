/**
 * @module The second half of a sign-in: a second factor turns a session of stage `password` into a full one, under a
 * new token.
 */
import { GatewayError, isCode } from '../../core/error.js'
import type { AuditFacts } from '../../core/audit/event.js'
import { assertUnlocked } from '../../core/lock/describe.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { locksWithin } from '../locks/in-force.js'
import type { SignInDeps } from './deps.js'
import { recogniseAddress } from './limits.js'
import { record, recordRefusal } from './record.js'
import { findSession, type ActiveSession } from './session.js'
import type { SignInResult } from './sign-in.js'
import { buildSession, recordSkippedLists } from './start-session.js'
import { hashToken } from './tokens.js'

type Device = NonNullable<AuditFacts['fields']>
type Apply = (tx: StoreTransaction, device: Device) => Promise<void>

/** @throws GatewayError `NOT_SIGNED_IN` without a session whose password was right. */
export async function findHalf(deps: SignInDeps, token: string | undefined): Promise<ActiveSession> {
  const half = token === undefined ? undefined : await findSession(deps, token)
  if (half?.session.stage !== 'password') throw passwordFirst()
  return half
}

/**
 * Completes the sign-in of the session that `token` opens. `prove` checks the factor and calls what it is given in the
 * transaction that spends it.
 * @throws GatewayError `NOT_SIGNED_IN`, `LOCKED`, and what `prove` throws.
 */
export async function completeSignIn(
  deps: SignInDeps,
  token: string | undefined,
  method: 'totp' | 'passkey' | 'recovery_code',
  origin: RequestOrigin,
  prove: (half: ActiveSession, apply: Apply) => Promise<void>,
): Promise<SignInResult> {
  const half = await findHalf(deps, token)
  const { user } = half
  const person = { user, stage: 'full', methods: ['password', method] } as const
  const fresh = await buildSession(deps, person, origin)
  try {
    await prove(half, async (tx, device) => {
      // Whatever ended the first half meanwhile (a new password, another tab) ends the sign-in.
      if (!(await tx.sessions.delete(hashToken(token ?? '')))) throw passwordFirst()
      assertUnlocked(await locksWithin(deps, tx, user))
      await tx.sessions.create(fresh.session)
      const fields = { sid: fresh.session.id, method: 'local', mfa_device: device }
      await record(deps, tx, { event: 'user.login', success: true, user: user.name, fields }, origin)
      await recordSkippedLists(deps, tx, fresh, origin)
    })
  } catch (error) {
    if (isCode(error, 'SECOND_FACTOR_INVALID') || isCode(error, 'LOCKED')) {
      const message = isCode(error, 'LOCKED') ? 'a lock was made meanwhile' : 'the second factor failed'
      const fields = { method: 'local', error: error.message, message }
      await recordRefusal(deps, { event: 'user.login', user: user.name, fields }, origin)
    }
    throw error
  }
  await recogniseAddress(deps, user.name, origin.address)
  return { status: 'signed_in', token: fresh.token, session: fresh.session, secondFactors: [] }
}

function passwordFirst(): GatewayError {
  return new GatewayError('NOT_SIGNED_IN', 'sign in with your name and password first')
}
