/** @module The second half of a sign-in by a one-time code. */
import type { RequestOrigin } from '../context.js'
import { completeSignIn } from './complete-sign-in.js'
import type { SignInDeps } from './deps.js'
import { assertOffered } from './factors.js'
import type { SignInResult } from './sign-in.js'
import { describeFactor, verifyTotp } from './verify-totp.js'

/**
 * Completes the sign-in of the session that `token` opens.
 * @throws GatewayError `NOT_SIGNED_IN` without a half-open session, `SECOND_FACTOR_INVALID`,
 * `SECOND_FACTOR_MISSING`, `FACTOR_NOT_ALLOWED`, `LOCKED`, `TOO_MANY_ATTEMPTS`.
 */
export async function signInTotp(
  deps: SignInDeps,
  input: { readonly code: string },
  origin: RequestOrigin,
  token: string | undefined,
): Promise<SignInResult> {
  return await completeSignIn(deps, token, 'totp', origin, async ({ user }, apply) => {
    await assertOffered(deps, 'otp')
    const proof = { user: user.name, code: input.code, scope: 'login' } as const
    await verifyTotp(deps, proof, origin, async (tx, factor) => await apply(tx, describeFactor(factor)))
  })
}
