/**
 * @module PutRolePolicy: an inline policy of a role, new or in the place of one with its name.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { checkPolicy } from './policy-document.js'
import { checkInlineSize } from './role-quotas.js'
import { roleResource, roleToChange } from './roles.js'
import { policyDocument, policyName, roleName } from './shapes.js'

export const putRolePolicy = defineOperation({
  name: 'PutRolePolicy',
  access: 'write',
  action: 'iam:PutRolePolicy',
  input: structure({
    RoleName: required(roleName),
    PolicyName: required(policyName),
    PolicyDocument: required(policyDocument),
  }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle({ RoleName, PolicyName, PolicyDocument }, call) {
    const role = roleToChange(call, RoleName)
    checkPolicy(PolicyDocument, 'identity')
    const put = { ...role, inlinePolicies: { ...role.inlinePolicies, [PolicyName]: PolicyDocument } }
    checkInlineSize(put)
    call.context.commit({ table: 'iamRoles', put })
    return {}
  },
})
