/**
 * @module DeleteRolePolicy: takes an inline policy from a role.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { findInlinePolicy } from './inline-policies.js'
import { roleResource, roleToChange } from './roles.js'
import { policyName, roleName } from './shapes.js'

export const deleteRolePolicy = defineOperation({
  name: 'DeleteRolePolicy',
  access: 'write',
  action: 'iam:DeleteRolePolicy',
  input: structure({ RoleName: required(roleName), PolicyName: required(policyName) }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle({ RoleName, PolicyName }, call) {
    const role = roleToChange(call, RoleName)
    findInlinePolicy(role, PolicyName)
    const others = Object.entries(role.inlinePolicies).filter(([name]) => name !== PolicyName)
    call.context.commit({
      table: 'iamRoles',
      put: { ...role, inlinePolicies: Object.fromEntries(others) },
    })
    return {}
  },
})
