/** @module `POST /v1/sign-in`: name and password; a new session cookie either way that succeeds. */
import { paths, signInAnswer, signInRequest } from '../../api/contract.js'
import { signIn as signInPerson } from '../../service/people/sign-in.js'
import { route } from '../route.js'
import { signedInAnswer } from '../signed-in-answer.js'

export const signIn = route({
  method: 'post',
  path: paths.signIn,
  right: 'public',
  summary: 'Signs in with name and password; the answer sets the session cookie',
  answer: { kind: 'json', schema: signInAnswer },
  body: signInRequest,
  handler: async ({ deps, body, origin, sessionToken }) =>
    signedInAnswer(await signInPerson(deps, body, origin, sessionToken), body.next),
})
