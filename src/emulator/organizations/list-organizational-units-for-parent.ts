/**
 * @module ListOrganizationalUnitsForParent: the units directly under the root or a unit.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { arnOf } from './arns.js'
import { requireAdministrator } from './callers.js'
import { unitOutput } from './outputs.js'
import { paging, parentId } from './shapes.js'
import { requireParent, takeListing } from './tree.js'

export const listOrganizationalUnitsForParent = defineOperation({
  name: 'ListOrganizationalUnitsForParent',
  access: 'read',
  action: 'organizations:ListOrganizationalUnitsForParent',
  input: structure({ ParentId: required(parentId), ...paging }),
  resources: (input, { context }) => [arnOf(context.state, input.ParentId)],
  handle(input, call) {
    requireAdministrator(call)
    const tables = call.context.readable()
    requireParent(call, tables, input.ParentId)
    const rows = tables.units.by('parent', input.ParentId)
    const page = takeListing(call, rows, input, ['ListOrganizationalUnitsForParent', input.ParentId])
    return {
      OrganizationalUnits: page.rows.map((unit) => unitOutput(call, tables, unit)),
      NextToken: page.nextToken,
    }
  },
})
