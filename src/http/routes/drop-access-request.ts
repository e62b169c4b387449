/** @module `DELETE /v1/me/assumed-requests/:id`: they no longer do. */
import { paths } from '../../api/contract.js'
import { dropRequest } from '../../service/access-requests/assume.js'
import { personOf } from '../person.js'
import { route } from '../route.js'

export const dropAccessRequest = route({
  method: 'delete',
  path: paths.meAssumed,
  right: 'session',
  summary: 'Makes the roles of a request no longer count in this session',
  answer: { kind: 'empty' },
  handler: async ({ deps, params, actor, origin }) => {
    const { session, authority } = personOf(actor)
    await dropRequest(deps, { id: params.id ?? '', session, authority, origin })
    return { kind: 'empty' }
  },
})
