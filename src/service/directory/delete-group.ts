/** @module A directory deletes a group of its own: its list goes, with all that it gives, here and in AWS. */
import type { RequestOrigin } from '../context.js'
import { countHoldings } from './count-holdings.js'
import type { Directory, DirectoryDeps } from './deps.js'
import { assertVersion, findDirectoryResource } from './find.js'
import { findOwnList } from './find-list.js'
import { readDirectoryIds, shownMembers } from './group-members.js'
import { guardChange } from './hold.js'
import { groupView } from './represent.js'
import { recordAsked, tellingFailure } from './told.js'
import { removeDocument } from './write.js'

/**
 * @throws GatewayError `NOT_FOUND`, `REVISION_MISMATCH`, `MANAGED_ELSEWHERE`, `DIRECTORY_HELD`, `DIRECTORY_REFUSED`, and
 * `STILL_IN_USE` for a list that is in another one.
 */
export async function deleteDirectoryGroup(
  deps: DirectoryDeps,
  directory: Directory,
  { id, ifMatch }: { readonly id: string; readonly ifMatch: string | undefined },
  origin: RequestOrigin,
): Promise<void> {
  const asked = { event: 'scim.delete', type: 'Group', fields: { id: id.slice(0, 100) } } as const
  await tellingFailure(deps, directory, asked, origin, async () => {
    await deps.catalog.read()
    const held = await deps.store.transaction(async (tx) => {
      const row = await findDirectoryResource(tx, directory, 'group', id)
      const catalog = await deps.catalog.readIn(tx)
      const { name, title } = findOwnList(catalog, row)
      const members = shownMembers(await tx.members.list(name), await readDirectoryIds(tx, directory))
      const about = { type: deps.scimServer.groupType, publicUrl: deps.publicUrl }
      assertVersion(ifMatch, groupView(about, row, { title, members }).version)
      const waits = await guardChange(
        deps,
        tx,
        directory,
        {
          identity: ['delete group', id],
          what: `Delete the group ${title} with ${members.length} ${members.length === 1 ? 'member' : 'members'}`,
          // An empty one takes nothing from anybody.
          removes: { users: 0, groups: members.length > 0 ? 1 : 0, memberships: members.length },
          has: () => countHoldings(tx, catalog, directory, deps.clock.now()),
        },
        origin,
      )
      if (waits !== undefined) return waits
      await removeDocument({ deps, tx, directory, origin }, 'access_list', name)
      await tx.directories.forget('group', name)
      await recordAsked(deps, tx, directory, { ...asked, fields: { id, name: title } }, origin)
      return undefined
    })
    if (held !== undefined) throw held
  })
}
