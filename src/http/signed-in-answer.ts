/** @module The answer to a sign-in: the new cookie and where to go, never further than this origin. */
import type { SignInAnswer } from '../api/contract.js'
import { isOwnPath } from '../core/saml/paths.js'
import type { SignInResult } from '../service/people/sign-in.js'
import type { Answer } from './route.js'

export function signedInAnswer(
  { status, token, session, secondFactors }: SignInResult,
  next: string | undefined,
): Answer {
  const body: SignInAnswer =
    status === 'second_factor_required'
      ? { status, secondFactors: [...secondFactors] }
      : { status, next: next !== undefined && isOwnPath(next) ? next : '/' }
  return { kind: 'json', body, setSession: { token, expiresAt: session.expiresAt } }
}
