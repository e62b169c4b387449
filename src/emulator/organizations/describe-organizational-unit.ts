/**
 * @module DescribeOrganizationalUnit: one unit by its id.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { arnOf } from './arns.js'
import { requireAdministrator } from './callers.js'
import { unitNotFound } from './errors.js'
import { unitOutput } from './outputs.js'
import { unitId } from './shapes.js'

export const describeOrganizationalUnit = defineOperation({
  name: 'DescribeOrganizationalUnit',
  access: 'read',
  action: 'organizations:DescribeOrganizationalUnit',
  input: structure({ OrganizationalUnitId: required(unitId) }),
  resources: (input, { context }) => [arnOf(context.state, input.OrganizationalUnitId)],
  handle(input, call) {
    requireAdministrator(call)
    const tables = call.context.readable()
    const unit = tables.units.get(input.OrganizationalUnitId)
    if (unit === undefined) throw unitNotFound()
    return { OrganizationalUnit: unitOutput(call, tables, unit) }
  },
})
