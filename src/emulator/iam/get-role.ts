/**
 * @module GetRole: one role of the caller's account.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { describeRoleWithTags, findRole, roleResource } from './roles.js'
import { roleName } from './shapes.js'

/** AWS tells hours later that a role was used, and from then on; until that the element is empty. */
const notUsed = {}

export const getRole = defineOperation({
  name: 'GetRole',
  access: 'read',
  action: 'iam:GetRole',
  input: structure({ RoleName: required(roleName) }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle({ RoleName }, call) {
    const role = describeRoleWithTags(findRole(call, RoleName), call.context.readable())
    return { Role: { ...role, RoleLastUsed: notUsed } }
  },
})
