/**
 * @module AttachRolePolicy: gives a managed policy to a role; one that is attached already stays as it is.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { findManagedPolicy, managedPolicyArns } from '../access/managed-policies.js'
import { noSuchEntity, notEmulated } from './errors.js'
import { checkAttachedCount } from './role-quotas.js'
import { roleResource, roleToChange } from './roles.js'
import { arn, roleName } from './shapes.js'

export const attachRolePolicy = defineOperation({
  name: 'AttachRolePolicy',
  access: 'write',
  action: 'iam:AttachRolePolicy',
  input: structure({ RoleName: required(roleName), PolicyArn: required(arn) }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle({ RoleName, PolicyArn }, call) {
    const role = roleToChange(call, RoleName)
    if (findManagedPolicy(PolicyArn) === undefined) {
      // AWS has many more than are known here: that one does not exist cannot be said.
      if (/^arn:aws:iam::aws:policy\/./.test(PolicyArn)) {
        throw notEmulated(`${PolicyArn} (known: ${managedPolicyArns.join(', ')})`)
      }
      throw noSuchEntity(`Policy ${PolicyArn} does not exist or is not attachable.`)
    }
    const put = { ...role, attachedPolicies: [...new Set([...role.attachedPolicies, PolicyArn])] }
    checkAttachedCount(put)
    call.context.commit({ table: 'iamRoles', put })
    return {}
  },
})
