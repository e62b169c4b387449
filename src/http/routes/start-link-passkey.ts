/** @module `POST /v1/links/passkey`: what the browser is asked to make a passkey with a one-time link. */
import { linkInspectRequest, passkeyCreationOptions, paths } from '../../api/contract.js'
import { startLinkPasskey as offerLinkPasskey } from '../../service/people/redeem-link.js'
import { json, route } from '../route.js'

export const startLinkPasskey = route({
  method: 'post',
  path: paths.linkPasskey,
  right: 'public',
  summary: 'What is asked to make a passkey with a one-time link, which is not used up',
  answer: { kind: 'json', schema: passkeyCreationOptions },
  body: linkInspectRequest,
  handler: async ({ deps, body, origin }) => json(await offerLinkPasskey(deps, body.token, origin)),
})
