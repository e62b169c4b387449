/** @module `POST /v1/sign-in/totp`: the code that completes a sign-in whose password was right. */
import { paths, signInAnswer, signInTotpRequest } from '../../api/contract.js'
import { signInTotp as signInWithCode } from '../../service/people/sign-in-totp.js'
import { route } from '../route.js'
import { signedInAnswer } from '../signed-in-answer.js'

export const signInTotp = route({
  method: 'post',
  path: paths.signInTotp,
  right: 'public',
  summary: 'The code that completes a sign-in whose password was right',
  answer: { kind: 'json', schema: signInAnswer },
  body: signInTotpRequest,
  handler: async ({ deps, body, origin, sessionToken }) =>
    signedInAnswer(await signInWithCode(deps, body, origin, sessionToken), body.next),
})
