/** @module `POST /v1/links/inspect`: what a one-time link is for; the token stays out of URLs and logs. */
import { linkAnswer, linkInspectRequest, paths, type LinkAnswer } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { inspectLink as inspect } from '../../service/people/redeem-link.js'
import { json, route } from '../route.js'

export const inspectLink = route({
  method: 'post',
  path: paths.linkInspect,
  right: 'public',
  summary: 'What a one-time link is for, and a fresh seed for an authenticator app',
  answer: { kind: 'json', schema: linkAnswer },
  body: linkInspectRequest,
  handler: async ({ deps, body, origin }) => {
    const { totp, expiresAt, ...link } = await inspect(deps, body.token, origin)
    const answer: LinkAnswer = { ...link, expiresAt: formatInstant(expiresAt), ...(totp && { totp }) }
    return json(answer)
  },
})
