/** @module Takes a member out of an access list, existing user or not. */
import type { AccessListMember } from '../../core/access-list/access-list.js'
import { GatewayError } from '../../core/error.js'
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { record } from '../people/record.js'
import type { ResourceDeps } from '../resources/deps.js'
import { assertMayOnList } from './shown-list.js'

type MemberKey = Pick<AccessListMember, 'list' | 'kind' | 'name'>

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`. */
export async function removeMember(
  deps: ResourceDeps,
  member: MemberKey,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<void> {
  const { list, kind, name } = member
  await deps.catalog.read()
  await deps.store.transaction(async (tx) => {
    const catalog = await deps.catalog.readIn(tx)
    assertMayOnList(deps, catalog, { list, verb: 'update', authority })
    if (!(await tx.members.delete(list, kind, name))) {
      throw new GatewayError('NOT_FOUND', `"${name.slice(0, 200)}" is no member of access list "${list}"`)
    }
    await recordRemoval(deps, tx, member, authority.name, origin)
  })
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
    await tx.members.delete(member.list, member.kind, member.name)
    await recordRemoval(deps, tx, member, actor, origin)
  }
  return members.map(({ list }) => list)
}

async function recordRemoval(
  deps: Parameters<typeof record>[0],
  tx: StoreTransaction,
  { list, kind, name }: MemberKey,
  actor: string,
  origin: RequestOrigin | undefined,
): Promise<void> {
  const fields = { name: list, member: name, member_kind: kind, updated_by: actor }
  const event = 'access_list.member.delete'
  await record(deps, tx, { event, success: true, user: actor, fields }, origin)
}
