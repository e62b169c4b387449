/** @module `DELETE /v1/on-call/:name`: removes a list; nobody is on call by it. */
import { paths } from '../../api/contract.js'
import { deleteOnCall as remove } from '../../service/access-requests/on-call.js'
import { authorityOf } from '../person.js'
import { route } from '../route.js'

export const deleteOnCall = route({
  method: 'delete',
  path: paths.onCallList,
  right: { resource: 'on_call', verb: 'delete' },
  scoped: true,
  summary: 'Removes a list of who is on call',
  answer: { kind: 'empty' },
  handler: async ({ deps, params, actor, origin }) => {
    await remove(deps, params.name ?? '', authorityOf(actor), origin)
    return { kind: 'empty' }
  },
})
