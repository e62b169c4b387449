/** @module `GET /v1/session`: who is signed in, with which rights, and the CSRF token of this session. */
import { paths, type Right, type SessionAnswer } from '../../api/contract.js'
import { formatRight, listRights } from '../../core/role/right.js'
import { formatInstant } from '../../core/time.js'
import { csrfToken } from '../../service/people/tokens.js'
import { json, route } from '../route.js'

/** The rights that the navigation of the page asks about. */
const navigationRights: readonly Right[] = [
  { resource: 'event', verb: 'list' },
  { resource: 'user', verb: 'list' },
  { resource: 'user', verb: 'create' },
  { resource: 'user', verb: 'update' },
  { resource: 'role', verb: 'list' },
]

export const getSession = route({
  method: 'get',
  path: paths.session,
  right: 'public',
  handler: async ({ deps, session, sessionToken }) => {
    const { clusterName } = deps
    if (session === undefined || sessionToken === undefined) {
      // A cookie that opens nothing still goes with requests, so its CSRF token still has to be known.
      const token = sessionToken === undefined ? '' : csrfToken(sessionToken)
      const nobody: SessionAnswer = { clusterName, csrfToken: token, stage: 'none', rights: [] }
      return json(nobody)
    }
    const { user } = session
    const { stage, expiresAt } = session.session
    const full = stage === 'full'
    const { roles } = await deps.catalog.rolesOf(user)
    const answer: SessionAnswer = {
      clusterName,
      csrfToken: csrfToken(sessionToken),
      stage,
      user: { name: user.name, roles: full ? [...user.roles] : [] },
      rights: full ? listRights(roles, navigationRights).map(formatRight) : [],
      expiresAt: formatInstant(expiresAt),
    }
    return json(answer)
  },
})
