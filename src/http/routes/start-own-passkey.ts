/** @module `POST /v1/me/passkeys/start`: proves who asks, then says what the browser is asked to make a passkey. */
import { factorStartRequest, passkeyCreationOptions, paths } from '../../api/contract.js'
import { startPasskey } from '../../service/people/own-passkeys.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const startOwnPasskey = route({
  method: 'post',
  path: paths.mePasskeyStart,
  right: 'session',
  summary: 'Proves who asks and says what is asked to make a passkey',
  answer: { kind: 'json', schema: passkeyCreationOptions },
  body: factorStartRequest,
  handler: async ({ deps, body, actor, origin }) =>
    json(await startPasskey(deps, body, personOf(actor), origin)),
})
