/** @module `GET /v1/me/sessions`: where this person is signed in. */
import { paths, sessionListAnswer } from '../../api/contract.js'
import { listSessions } from '../../service/people/session.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'
import { toSessionItem } from '../session-item.js'

export const listOwnSessions = route({
  method: 'get',
  path: paths.meSessions,
  right: 'session',
  summary: 'Where one is signed in',
  answer: { kind: 'json', schema: sessionListAnswer },
  handler: async ({ deps, actor }) => {
    const { user, session: current } = personOf(actor)
    const items = await listSessions(deps, user)
    return json({ items: items.map((session) => toSessionItem(session, current.id)) })
  },
})
