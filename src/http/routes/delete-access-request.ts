/** @module `DELETE /v1/access-requests/:id`: removes a request that is over. */
import { paths } from '../../api/contract.js'
import { deleteRequest } from '../../service/access-requests/end-request.js'
import { askingOf } from '../request-answer.js'
import { route } from '../route.js'

export const deleteAccessRequest = route({
  method: 'delete',
  path: paths.accessRequest,
  right: 'session',
  machine: true,
  summary: 'Removes an access request that is over',
  answer: { kind: 'empty' },
  handler: async ({ deps, params, actor, origin }) => {
    await deleteRequest(deps, { id: params.id ?? '', by: askingOf(actor), origin })
    return { kind: 'empty' }
  },
})
