/** @module `POST /v1/sign-in/passkey`: a passkey in place of name and password. */
import { paths, signInAnswer, signInPasskeyRequest } from '../../api/contract.js'
import { signInPasswordless } from '../../service/people/sign-in-passkey.js'
import { route } from '../route.js'
import { signedInAnswer } from '../signed-in-answer.js'

export const signInPasskey = route({
  method: 'post',
  path: paths.signInPasskey,
  right: 'public',
  summary: 'Signs in with a passkey alone; the answer sets the session cookie',
  answer: { kind: 'json', schema: signInAnswer },
  body: signInPasskeyRequest,
  handler: async ({ deps, body, origin, sessionToken }) =>
    signedInAnswer(await signInPasswordless(deps, body, origin, sessionToken), body.next),
})
