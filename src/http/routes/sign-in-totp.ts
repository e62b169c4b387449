/** @module `POST /v1/sign-in/totp`: the code that completes a sign-in whose password was right. */
import { paths, signInTotpRequest } from '../../api/contract.js'
import { signInTotp as signInWithCode } from '../../service/people/sign-in-totp.js'
import { route } from '../route.js'
import { signedInAnswer } from '../signed-in-answer.js'

export const signInTotp = route({
  method: 'post',
  path: paths.signInTotp,
  right: 'public',
  body: signInTotpRequest,
  handler: async ({ deps, body, origin, sessionToken }) =>
    signedInAnswer(await signInWithCode(deps, body, origin, sessionToken), body.next),
})
