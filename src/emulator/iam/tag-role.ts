/**
 * @module TagRole: tags of a role, added or set again.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { roleResource, roleToChange } from './roles.js'
import { roleName, tags } from './shapes.js'
import { mergeTags } from './tags.js'

export const tagRole = defineOperation({
  name: 'TagRole',
  access: 'write',
  action: 'iam:TagRole',
  input: structure({ RoleName: required(roleName), Tags: required(tags) }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle({ RoleName, Tags }, call) {
    const role = roleToChange(call, RoleName)
    const merged = mergeTags(role.tags, Tags, 'TagsPerRole')
    call.context.commit({ table: 'iamRoles', put: { ...role, tags: merged } })
    return {}
  },
})
