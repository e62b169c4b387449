/**
 * @module ListRoleTags: the tags of a role.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { rowsOf, takeMarkedPage } from './pages.js'
import { findRole, roleResource } from './roles.js'
import { paging, roleName } from './shapes.js'
import { tagList } from './tags.js'

export const listRoleTags = defineOperation({
  name: 'ListRoleTags',
  access: 'read',
  action: 'iam:ListRoleTags',
  input: structure({ RoleName: required(roleName), ...paging }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle(input, call) {
    const role = findRole(call, input.RoleName)
    const tags = rowsOf('permissionSet' in role ? [] : tagList(role.tags))
    const of = ['ListRoleTags', role.accountId, role.name]
    const { rows, ...more } = takeMarkedPage(call.context, tags, input, of)
    return { Tags: rows, ...more }
  },
})
