/**
 * @module ListChildren: ids of the accounts or of the units directly under the root or a unit.
 */
import { defineOperation } from '../aws/operation.js'
import { oneOf, required, structure } from '../aws/shape.js'
import { arnOf } from './arns.js'
import { requireAdministrator } from './callers.js'
import { paging, parentId } from './shapes.js'
import { requireParent, takeListing } from './tree.js'

export const listChildren = defineOperation({
  name: 'ListChildren',
  access: 'read',
  action: 'organizations:ListChildren',
  input: structure({
    ParentId: required(parentId),
    ChildType: required(oneOf('ACCOUNT', 'ORGANIZATIONAL_UNIT')),
    ...paging,
  }),
  resources: (input, { context }) => [arnOf(context.state, input.ParentId)],
  handle(input, call) {
    requireAdministrator(call)
    const { ParentId: id, ChildType: type } = input
    const tables = call.context.readable()
    requireParent(call, tables, id)
    const table = type === 'ACCOUNT' ? tables.accounts : tables.units
    const page = takeListing(call, table.by('parent', id), input, ['ListChildren', id, type])
    return { Children: page.rows.map((row) => ({ Id: row.id, Type: type })), NextToken: page.nextToken }
  },
})
