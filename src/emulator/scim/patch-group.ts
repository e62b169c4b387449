/**
 * @module `PATCH /Groups/<id>`: 204 without a body. The request takes effect as a whole or not at all, except where
 * the setting `scim2024` repeats what was seen in 2024.
 */
import { updateGroup } from '../directory/groups.js'
import type { EmulatorContext } from '../context.js'
import type { Group, GroupAttributes } from '../state/group.js'
import { applyMembers, settleMembers, takeMembershipTokens } from './apply-members.js'
import { invalid, notFound } from './error.js'
import { scimAuthor, type ScimOperation } from './operation.js'
import { planGroupPatch } from './patch-group-plan.js'
import { parsePatch } from './patch-request.js'
import { unwrap } from './refuse.js'

export const patchGroup: ScimOperation = {
  name: 'PatchGroup',
  method: 'PATCH',
  path: 'Groups/:id',
  handle: ({ context, id, body }) => {
    const operations = parsePatch(body)
    const group = context.state.tables.groups.get(id)
    if (group === undefined) throw notFound(`there is no group ${id}`)
    const plan = planGroupPatch(group, operations, context.settings)
    if (plan.emptiesAndFails) {
      empty(context, id)
      throw invalid('a member has an empty value; the group was emptied all the same (scim2024)')
    }
    const changes = settleMembers(context, id, plan.members)
    takeMembershipTokens(context, plan.members.length)
    // The attributes first: they alone can still be refused.
    if (isChanged(group, plan.attributes)) unwrap(updateGroup(context, id, plan.attributes, scimAuthor))
    applyMembers(context, id, changes)
    return { status: 204 }
  },
}

function isChanged(group: Group, { displayName, externalId }: GroupAttributes): boolean {
  return group.displayName !== displayName || group.externalId !== externalId
}

function empty(context: EmulatorContext, groupId: string): void {
  const members = context.state.tables.memberships.by('group', groupId).rows()
  applyMembers(
    context,
    groupId,
    members.map(({ userId }) => ({ op: 'remove', userId })),
  )
}
