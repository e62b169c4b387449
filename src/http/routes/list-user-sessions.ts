/** @module `GET /v1/users/:name/sessions`: where somebody else is signed in. */
import { paths, sessionListAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { listSessions } from '../../service/people/session.js'
import { json, route } from '../route.js'
import { toSessionItem } from '../session-item.js'

export const listUserSessions = route({
  method: 'get',
  path: paths.userSessions,
  right: { resource: 'session', verb: 'list' },
  summary: 'Where a person is signed in',
  answer: { kind: 'json', schema: sessionListAnswer },
  handler: async ({ deps, params, session }) => {
    const name = params.name ?? ''
    const user = await deps.catalog.user(name)
    if (user === undefined) throw new GatewayError('NOT_FOUND', `there is no user named "${name}"`)
    const items = await listSessions(deps, user)
    return json({ items: items.map((one) => toSessionItem(one, session?.session.id)) })
  },
})
