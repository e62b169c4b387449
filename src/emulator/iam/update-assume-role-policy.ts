/**
 * @module UpdateAssumeRolePolicy: another trust policy for a role.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { checkTrustPolicy } from './role-quotas.js'
import { roleResource, roleToChange } from './roles.js'
import { policyDocument, roleName } from './shapes.js'

export const updateAssumeRolePolicy = defineOperation({
  name: 'UpdateAssumeRolePolicy',
  access: 'write',
  action: 'iam:UpdateAssumeRolePolicy',
  input: structure({ RoleName: required(roleName), PolicyDocument: required(policyDocument) }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle({ RoleName, PolicyDocument }, call) {
    const role = roleToChange(call, RoleName)
    checkTrustPolicy(PolicyDocument)
    call.context.commit({ table: 'iamRoles', put: { ...role, trustPolicy: PolicyDocument } })
    return {}
  },
})
