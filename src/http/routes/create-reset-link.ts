/** @module `POST /v1/users/:name/reset-link`: a one-time link by which a person sets a new password. */
import { linkIssuedAnswer, paths, resetLinkRequest, type LinkIssuedAnswer } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { createResetLink as issueResetLink } from '../../service/people/links.js'
import { actorName, authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const createResetLink = route({
  method: 'post',
  path: paths.userResetLink,
  right: { resource: 'user', verb: 'update' },
  operator: true,
  summary: 'A one-time link by which a person sets a new password; all their sessions end',
  answer: { kind: 'json', schema: linkIssuedAnswer, status: 201 },
  body: resetLinkRequest,
  handler: async ({ deps, body, params, actor, origin }) => {
    const user = params.name ?? ''
    const issued = await issueResetLink(deps, { user, ...body }, actorName(actor), origin, authorityOf(actor))
    const answer: LinkIssuedAnswer = { ...issued, expiresAt: formatInstant(issued.expiresAt) }
    return json(answer, 201)
  },
})
