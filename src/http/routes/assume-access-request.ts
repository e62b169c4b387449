/** @module `PUT /v1/me/assumed-requests/:id`: a request's roles count in this session. */
import { paths } from '../../api/contract.js'
import { assumeRequest } from '../../service/access-requests/assume.js'
import { personOf } from '../person.js'
import { route } from '../route.js'

export const assumeAccessRequest = route({
  method: 'put',
  path: paths.meAssumed,
  right: 'session',
  summary: "Makes the roles of a request of one's own count in this session",
  answer: { kind: 'empty' },
  handler: async ({ deps, params, actor, origin }) => {
    const { session, authority } = personOf(actor)
    await assumeRequest(deps, { id: params.id ?? '', session, authority, origin })
    return { kind: 'empty' }
  },
})
