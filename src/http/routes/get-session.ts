/** @module `GET /v1/session`: who asks, with which rights, and the CSRF token of the session. */
import { paths, sessionAnswer, type Right, type SessionAnswer } from '../../api/contract.js'
import { connectorOfMethods, displayOf } from '../../core/connector/connector.js'
import { formatRight } from '../../core/role/right.js'
import { formatInstant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { HttpDeps } from '../deps.js'
import { reviewsRequests } from '../../service/access-requests/who-may-review.js'
import { waysOfPerson } from '../../service/people/factors.js'
import { offersPasswordless } from '../../service/people/sign-in-passkey.js'
import { csrfToken } from '../../service/people/tokens.js'
import { mayDo } from '../guard.js'
import { json, route, type Actor, type Route } from '../route.js'

export const getSession = route({
  method: 'get',
  path: paths.session,
  right: 'public',
  summary: 'Who asks, with which rights, and the CSRF token of the session',
  answer: { kind: 'json', schema: sessionAnswer },
  handler: async ({ deps, session, sessionToken, actor, routes }) => {
    const catalog = await deps.catalog.read()
    const rolesOf = (user: User): string[] => [...catalog.withRoleNames(user).roles]
    const answer: SessionAnswer = {
      clusterName: deps.clusterName,
      // A cookie that opens nothing still goes with requests, so its CSRF token still has to be known.
      csrfToken: sessionToken === undefined ? '' : csrfToken(sessionToken),
      stage: session?.session.stage ?? (actor === undefined ? 'none' : 'full'),
      ...(session && {
        user: { name: session.user.name, roles: actor === undefined ? [] : rolesOf(session.user) },
        expiresAt: formatInstant(session.session.expiresAt),
        connector: connectorOfMethods(session.session.methods),
      }),
      ...(actor?.kind === 'machine' && {
        user: { name: actor.user.name, roles: rolesOf(actor.user) },
        expiresAt: formatInstant(actor.token.expiresAt),
      }),
      connectors: catalog
        .connectors()
        .map((one) => ({ name: one.name, kind: one.kind, display: displayOf(one) })),
      passwordless: await offersPasswordless(deps),
      ...(session?.session.stage === 'password' && {
        secondFactors: await waysOfPerson(deps, session.user.name),
      }),
      ...(actor && { actor: { kind: kinds[actor.kind], name: actor.authority.name } }),
      rights: actor === undefined ? [] : await listRights(actor, routes, deps),
    }
    return json(answer)
  },
})

const kinds = { session: 'person', machine: 'machine', operator: 'operator' } as const

/**
 * Of all rights that any route asks for, those of this actor, as far as no particular resource decides; and `review` of
 * access requests, which no rule of a role gives but `review_requests`.
 */
async function listRights(actor: Actor, routes: readonly Route[], deps: HttpDeps): Promise<string[]> {
  const creates = deps.kinds.all.map(({ name }): Right => ({ resource: name, verb: 'create' }))
  const open = routes.filter(({ operator }) => operator || actor.kind !== 'operator')
  const declared = open.flatMap(({ right }) => (typeof right === 'object' ? [right] : []))
  const rights = actor.kind === 'operator' ? declared : [...declared, ...creates]
  const held = rights.filter((right) => actor.kind === 'operator' || mayDo(actor, right, true))
  const reviews = await reviewsRequests(deps, actor.authority)
  const review: Right = { resource: 'access_request', verb: 'review' }
  return [...new Set([...held, ...(reviews ? [review] : [])].map(formatRight))].sort()
}
