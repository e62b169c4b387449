/** @module `DELETE /v1/access-lists/:name/members/:kind/:member`: takes a user or a list out of an access list. */
import { paths } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { removeMember as remove } from '../../service/access-lists/remove-member.js'
import { authorityOf } from '../person.js'
import { route } from '../route.js'

export const removeMember = route({
  method: 'delete',
  path: paths.listMember,
  right: 'session',
  machine: true,
  summary: 'Takes a member out of an access list',
  answer: { kind: 'empty' },
  handler: async ({ deps, params, actor, origin }) => {
    const { name: list = '', kind = '', member: name = '' } = params
    if (kind !== 'user' && kind !== 'list') {
      throw new GatewayError('NOT_FOUND', 'members are of kind user or list')
    }
    await remove(deps, { list, kind, name }, authorityOf(actor), origin)
    return { kind: 'empty' }
  },
})
