/**
 * @module The second half of a sign-in: a one-time code turns a session of stage `password` into a full one,
 * under a new token.
 */
import { GatewayError, isCode } from '../../core/error.js'
import { assertUnlocked } from '../../core/lock/describe.js'
import type { RequestOrigin } from '../context.js'
import { locksWithin } from '../locks/in-force.js'
import type { SignInDeps } from './deps.js'
import { recogniseAddress } from './limits.js'
import { record, recordRefusal } from './record.js'
import { findSession } from './session.js'
import type { SignInResult } from './sign-in.js'
import { buildSession, recordSkippedLists } from './start-session.js'
import { hashToken } from './tokens.js'
import { describeFactor, verifyTotp } from './verify-totp.js'

/**
 * Completes the sign-in of the session that `token` opens.
 * @throws GatewayError `NOT_SIGNED_IN` without a half-open session, `SECOND_FACTOR_INVALID`,
 * `SECOND_FACTOR_MISSING`, `LOCKED`, `TOO_MANY_ATTEMPTS`.
 */
export async function signInTotp(
  deps: SignInDeps,
  input: { readonly code: string },
  origin: RequestOrigin,
  token: string | undefined,
): Promise<SignInResult> {
  const half = token === undefined ? undefined : await findSession(deps, token)
  if (token === undefined || half?.session.stage !== 'password') throw passwordFirst()
  const user = half.user
  const person = { user, stage: 'full', methods: ['password', 'totp'] } as const
  const fresh = await buildSession(deps, person, origin)
  try {
    await verifyTotp(
      deps,
      { user: user.name, code: input.code, scope: 'login' },
      origin,
      async (tx, factor) => {
        // Whatever ended the first half meanwhile (a new password, another tab) ends the sign-in.
        if (!(await tx.sessions.delete(hashToken(token)))) throw passwordFirst()
        assertUnlocked(await locksWithin(deps, tx, user))
        await tx.sessions.create(fresh.session)
        const fields = { sid: fresh.session.id, method: 'local', mfa_device: describeFactor(factor) }
        await record(deps, tx, { event: 'user.login', success: true, user: user.name, fields }, origin)
        await recordSkippedLists(deps, tx, fresh, origin)
      },
    )
  } catch (error) {
    if (isCode(error, 'SECOND_FACTOR_INVALID') || isCode(error, 'LOCKED')) {
      const message = isCode(error, 'LOCKED') ? 'a lock was made meanwhile' : 'the second factor failed'
      const fields = { method: 'local', error: error.message, message }
      await recordRefusal(deps, { event: 'user.login', user: user.name, fields }, origin)
    }
    throw error
  }
  await recogniseAddress(deps, user.name, origin.address)
  return { status: 'signed_in', token: fresh.token, session: fresh.session }
}

function passwordFirst(): GatewayError {
  return new GatewayError('NOT_SIGNED_IN', 'sign in with your name and password first')
}
