/**
 * @module ListParents: the root or unit directly above an account or a unit; there is always exactly one.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { arnOf } from './arns.js'
import { requireAdministrator } from './callers.js'
import { childNotFound } from './errors.js'
import { childId, paging } from './shapes.js'
import { rowListOf, takeListing } from './tree.js'

export const listParents = defineOperation({
  name: 'ListParents',
  access: 'read',
  action: 'organizations:ListParents',
  input: structure({ ChildId: required(childId), ...paging }),
  resources: (input, { context }) => [arnOf(context.state, input.ChildId)],
  handle(input, call) {
    requireAdministrator(call)
    const { accounts, units } = call.context.readable()
    const child = accounts.get(input.ChildId) ?? units.get(input.ChildId)
    if (child === undefined) throw childNotFound()
    const page = takeListing(call, rowListOf([child.parentId]), input, ['ListParents', input.ChildId])
    const { rootId } = call.context.state.ids
    return {
      Parents: page.rows.map((id) => ({ Id: id, Type: id === rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT' })),
      NextToken: page.nextToken,
    }
  },
})
