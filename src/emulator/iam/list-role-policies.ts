/**
 * @module ListRolePolicies: the names of a role's inline policies.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { inlinePoliciesOf } from './inline-policies.js'
import { rowsOf, takeMarkedPage } from './pages.js'
import { findRole, roleResource } from './roles.js'
import { paging, roleName } from './shapes.js'

export const listRolePolicies = defineOperation({
  name: 'ListRolePolicies',
  access: 'read',
  action: 'iam:ListRolePolicies',
  input: structure({ RoleName: required(roleName), ...paging }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle(input, call) {
    const role = findRole(call, input.RoleName)
    const names = rowsOf(Object.keys(inlinePoliciesOf(role)))
    const of = ['ListRolePolicies', role.accountId, role.name]
    const { rows, ...more } = takeMarkedPage(call.context, names, input, of)
    return { PolicyNames: rows, ...more }
  },
})
