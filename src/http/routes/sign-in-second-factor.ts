/** @module `POST /v1/sign-in/second-factor`: the passkey that completes a sign-in whose password was right. */
import { paths, signInAnswer, signInPasskeyRequest } from '../../api/contract.js'
import { signInSecondFactor as signInWithPasskey } from '../../service/people/sign-in-passkey.js'
import { route } from '../route.js'
import { signedInAnswer } from '../signed-in-answer.js'

export const signInSecondFactor = route({
  method: 'post',
  path: paths.signInFactor,
  right: 'public',
  summary: 'The passkey that completes a sign-in whose password was right',
  answer: { kind: 'json', schema: signInAnswer },
  body: signInPasskeyRequest,
  handler: async ({ deps, body, origin, sessionToken }) =>
    signedInAnswer(await signInWithPasskey(deps, body, origin, sessionToken), body.next),
})
