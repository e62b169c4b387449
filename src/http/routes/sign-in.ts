/** @module `POST /v1/sign-in`: name and password; a new session cookie either way that succeeds. */
import { paths, signInRequest } from '../../api/contract.js'
import { signIn as signInPerson } from '../../service/people/sign-in.js'
import { route } from '../route.js'
import { signedInAnswer } from '../signed-in-answer.js'

export const signIn = route({
  method: 'post',
  path: paths.signIn,
  right: 'public',
  body: signInRequest,
  handler: async ({ deps, body, origin, sessionToken }) =>
    signedInAnswer(await signInPerson(deps, body, origin, sessionToken), body.next),
})
