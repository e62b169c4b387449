/**
 * @module DetachRolePolicy: takes a managed policy from a role.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { noSuchEntity } from './errors.js'
import { roleResource, roleToChange } from './roles.js'
import { arn, roleName } from './shapes.js'

export const detachRolePolicy = defineOperation({
  name: 'DetachRolePolicy',
  access: 'write',
  action: 'iam:DetachRolePolicy',
  input: structure({ RoleName: required(roleName), PolicyArn: required(arn) }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle({ RoleName, PolicyArn }, call) {
    const role = roleToChange(call, RoleName)
    if (!role.attachedPolicies.includes(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`)
    const attachedPolicies = role.attachedPolicies.filter((attached) => attached !== PolicyArn)
    call.context.commit({ table: 'iamRoles', put: { ...role, attachedPolicies } })
    return {}
  },
})
