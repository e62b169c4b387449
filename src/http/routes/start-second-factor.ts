/** @module `POST /v1/sign-in/second-factor/start`: asks for a passkey of the person whose password was right. */
import { passkeyRequestOptions, paths } from '../../api/contract.js'
import { startSecondFactor as askSecondFactor } from '../../service/people/sign-in-passkey.js'
import { json, route } from '../route.js'

export const startSecondFactor = route({
  method: 'post',
  path: paths.signInFactorStart,
  right: 'public',
  summary: 'What a passkey is asked, to complete a sign-in whose password was right',
  answer: { kind: 'json', schema: passkeyRequestOptions },
  handler: async ({ deps, sessionToken }) => json(await askSecondFactor(deps, sessionToken)),
})
