/** @module `POST /v1/users`: makes a local user and a one-time link for the person. */
import { inviteRequest, linkIssuedAnswer, paths, type LinkIssuedAnswer } from '../../api/contract.js'
import { formatInstant, second } from '../../core/time.js'
import { createInvite } from '../../service/people/links.js'
import { actorName, authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const inviteUser = route({
  method: 'post',
  path: paths.users,
  right: { resource: 'user', verb: 'create' },
  summary: 'Makes a local user and a one-time link for the person',
  answer: { kind: 'json', schema: linkIssuedAnswer, status: 201 },
  body: inviteRequest,
  handler: async ({ deps, body, actor, origin }) => {
    const { name, roles, traits, ttlSeconds } = body
    const ttlMs = ttlSeconds === undefined ? undefined : ttlSeconds * second
    const issued = await createInvite(
      deps,
      { name, roles, traits, ttlMs },
      actorName(actor),
      origin,
      authorityOf(actor),
    )
    const answer: LinkIssuedAnswer = { ...issued, expiresAt: formatInstant(issued.expiresAt) }
    return json(answer, 201)
  },
})
