/** @module `DELETE /v1/me/sessions/:id`: ends one's own session elsewhere, for example on a lost machine. */
import { paths } from '../../api/contract.js'
import { endSession } from '../../service/people/session.js'
import { personOf } from '../person.js'
import { route } from '../route.js'

export const endOwnSession = route({
  method: 'delete',
  path: paths.meSession,
  right: 'session',
  summary: "Ends one of one's own sessions",
  answer: { kind: 'empty' },
  handler: async ({ deps, params, actor, origin }) => {
    await endSession(deps, { user: personOf(actor).user, id: params.id ?? '' }, origin)
    return { kind: 'empty' }
  },
})
