/**
 * @module `POST /Groups`: 201 and the group, without `members`.
 */
import { createGroup as addGroup } from '../directory/groups.js'
import { applyMembers, settleMembers, takeMembershipTokens } from './apply-members.js'
import { parseGroup, writeNewGroup } from './group-resource.js'
import { scimAuthor, type ScimOperation } from './operation.js'
import { unwrap } from './refuse.js'

export const createGroup: ScimOperation = {
  name: 'CreateGroup',
  method: 'POST',
  path: 'Groups',
  handle: ({ context, body }) => {
    const { attributes, members } = parseGroup(body)
    const asked = members.map((userId) => ({ op: 'add' as const, userId }))
    const changes = settleMembers(context, undefined, asked)
    takeMembershipTokens(context, members.length)
    const group = unwrap(addGroup(context, attributes, scimAuthor))
    applyMembers(context, group.id, changes)
    return { status: 201, body: writeNewGroup(group) }
  },
}
