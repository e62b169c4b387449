/** @module `POST /v1/links/redeem`: sets the password, and the second factor where one is enrolled, once. */
import { linkRedeemAnswer, linkRedeemRequest, paths } from '../../api/contract.js'
import { redeemLink as redeem } from '../../service/people/redeem-link.js'
import { json, route } from '../route.js'

export const redeemLink = route({
  method: 'post',
  path: paths.linkRedeem,
  right: 'public',
  summary: 'Sets the password of a one-time link, and enrols an authenticator app or a passkey with it',
  answer: { kind: 'json', schema: linkRedeemAnswer },
  body: linkRedeemRequest,
  handler: async ({ deps, body, origin }) => json(await redeem(deps, body, origin)),
})
