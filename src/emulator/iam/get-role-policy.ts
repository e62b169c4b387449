/**
 * @module GetRolePolicy: the document of one inline policy.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { findInlinePolicy } from './inline-policies.js'
import { encodePolicy } from './policy-document.js'
import { findRole, roleResource } from './roles.js'
import { policyName, roleName } from './shapes.js'

export const getRolePolicy = defineOperation({
  name: 'GetRolePolicy',
  access: 'read',
  action: 'iam:GetRolePolicy',
  input: structure({ RoleName: required(roleName), PolicyName: required(policyName) }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle({ RoleName, PolicyName }, call) {
    const role = findRole(call, RoleName)
    const document = encodePolicy(findInlinePolicy(role, PolicyName))
    return { RoleName: role.name, PolicyName, PolicyDocument: document }
  },
})
