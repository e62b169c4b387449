/** @module `POST /v1/sign-in/recovery`: a recovery code completes a sign-in whose password was right. */
import { paths, signInAnswer, signInRecoveryRequest } from '../../api/contract.js'
import { signInRecovery as signInWithCode } from '../../service/people/recovery-codes.js'
import { route } from '../route.js'
import { signedInAnswer } from '../signed-in-answer.js'

export const signInRecovery = route({
  method: 'post',
  path: paths.signInRecovery,
  right: 'public',
  summary:
    'A recovery code that completes a sign-in whose password was right, where the second factor is lost',
  answer: { kind: 'json', schema: signInAnswer },
  body: signInRecoveryRequest,
  handler: async ({ deps, body, origin, sessionToken }) =>
    signedInAnswer(await signInWithCode(deps, body, origin, sessionToken), body.next),
})
