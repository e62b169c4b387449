/** @module `GET /v1/me/sessions`: where this person is signed in. */
import { paths, type SessionItem } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { listSessions } from '../../service/people/session.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const listOwnSessions = route({
  method: 'get',
  path: paths.meSessions,
  right: 'session',
  handler: async ({ deps, actor }) => {
    const { user, session: current } = personOf(actor)
    const items = (await listSessions(deps, user)).map((session): SessionItem => ({
      id: session.id,
      current: session.id === current.id,
      createdAt: formatInstant(session.createdAt),
      lastSeenAt: formatInstant(session.lastSeenAt),
      expiresAt: formatInstant(session.expiresAt),
      address: session.address,
      userAgent: session.userAgent,
    }))
    return json({ items })
  },
})
