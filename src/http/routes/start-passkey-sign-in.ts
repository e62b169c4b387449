/** @module `POST /v1/sign-in/passkey/start`: asks for a passkey, of whomever it is. */
import { passkeyRequestOptions, paths } from '../../api/contract.js'
import { startPasswordless } from '../../service/people/sign-in-passkey.js'
import { json, route } from '../route.js'

export const startPasskeySignIn = route({
  method: 'post',
  path: paths.signInPasskeyStart,
  right: 'public',
  summary: 'What a passkey is asked, to sign in without name and password',
  answer: { kind: 'json', schema: passkeyRequestOptions },
  handler: async ({ deps, origin }) => json(await startPasswordless(deps, origin)),
})
