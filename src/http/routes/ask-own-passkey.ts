/** @module `POST /v1/me/passkeys/ask`: asks for a passkey as the proof that a change of factors needs. */
import { passkeyRequestOptions, paths } from '../../api/contract.js'
import { askOwnPasskey as askPasskey } from '../../service/people/prove-self.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const askOwnPasskey = route({
  method: 'post',
  path: paths.mePasskeyAsk,
  right: 'session',
  summary: "What a passkey is asked, as the proof for a change of one's own factors",
  answer: { kind: 'json', schema: passkeyRequestOptions },
  handler: async ({ deps, actor, origin }) => json(await askPasskey(deps, personOf(actor), origin)),
})
