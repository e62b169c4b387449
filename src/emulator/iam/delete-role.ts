/**
 * @module DeleteRole: a role that holds no policies any more. Its sessions may do nothing from then on.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { roleKey } from '../state/iam.js'
import { deleteConflict } from './errors.js'
import { roleResource, roleToChange } from './roles.js'
import { roleName } from './shapes.js'

export const deleteRole = defineOperation({
  name: 'DeleteRole',
  access: 'write',
  action: 'iam:DeleteRole',
  input: structure({ RoleName: required(roleName) }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle({ RoleName }, call) {
    const role = roleToChange(call, RoleName)
    if (role.attachedPolicies.length > 0) {
      throw deleteConflict('Cannot delete entity, must detach all policies first.')
    }
    if (Object.keys(role.inlinePolicies).length > 0) {
      throw deleteConflict('Cannot delete entity, must delete policies first.')
    }
    call.context.commit({ table: 'iamRoles', delete: roleKey(role.accountId, role.name) })
    return {}
  },
})
