/** @module `DELETE /v1/users/:name/sessions/:id`: ends a session of somebody else, for example on a stolen machine. */
import { paths } from '../../api/contract.js'
import { endSessionOf } from '../../service/people/session.js'
import { actorName } from '../person.js'
import { route } from '../route.js'

export const endUserSession = route({
  method: 'delete',
  path: paths.userSession,
  right: { resource: 'session', verb: 'delete' },
  summary: 'Ends a session of a person',
  answer: { kind: 'empty' },
  handler: async ({ deps, params, actor, origin }) => {
    const { name: user = '', id = '' } = params
    await endSessionOf(deps, { user, id, by: actorName(actor) }, origin)
    return { kind: 'empty' }
  },
})
