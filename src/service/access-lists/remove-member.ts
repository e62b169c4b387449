/** @module Takes a member out of an access list, existing user or not. */
import type { AccessListMember } from '../../core/access-list/access-list.js'
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import type { record } from '../people/record.js'
import type { ResourceDeps } from '../resources/deps.js'
import { confirmListChange } from './confirm-list-change.js'
import { commitEdit, takeMember } from './edit-members.js'
import { recordMembers } from './member-events.js'
import { editAs } from './put-member.js'
import { tellingRefusal } from './refused-change.js'

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `MANAGED_ELSEWHERE`, `INVALID_RESOURCE`, and as `confirmChange`. */
export async function removeMember(
  deps: ResourceDeps,
  { list, ...key }: Pick<AccessListMember, 'list' | 'kind' | 'name'>,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<void> {
  await deps.catalog.read()
  const wanted = { list, event: 'access_list.member.delete', member: key } as const
  await tellingRefusal(deps, wanted, authority, origin, () =>
    deps.store.transaction(async (tx) => {
      const edit = await editAs(deps, tx, list, authority)
      takeMember(edit, key)
      await commitEdit(deps, edit, origin)
      await confirmListChange(deps, edit, authority)
    }),
  )
}

/** Takes a user out of every list, since it is deleted; answers the names of those. */
export async function removeFromAllLists(
  deps: Parameters<typeof record>[0],
  tx: StoreTransaction,
  {
    user,
    actor,
    origin,
  }: { readonly user: string; readonly actor: string; readonly origin: RequestOrigin | undefined },
): Promise<string[]> {
  const members = await tx.members.listOf('user', user)
  for (const member of members) {
    await tx.members.delete(member.list, member.kind, member.name, deps.clock.now())
    const list = { name: member.list, title: undefined }
    await recordMembers(deps, tx, { action: 'delete', list, members: [member], actor }, origin)
  }
  return members.map(({ list }) => list)
}
