/** @module One user or group, as its directory sees it. */
import type { RequestOrigin } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { DirectoryResource, StoreTransaction } from '../../store/store.js'
import type { Directory, DirectoryDeps } from './deps.js'
import { findDirectoryResource } from './find.js'
import { readDirectoryIds, shownMembers, type Directories } from './group-members.js'
import { groupView, isActive, userView, type ScimView } from './represent.js'
import { recordRead, tellingFailure } from './told.js'

/** @throws GatewayError `NOT_FOUND`. */
export async function getDirectoryResource(
  deps: DirectoryDeps,
  directory: Directory,
  { kind, id }: Pick<DirectoryResource, 'kind' | 'id'>,
  origin: RequestOrigin,
): Promise<ScimView> {
  const type = kind === 'user' ? 'User' : 'Group'
  const asked = { event: 'scim.get', type, fields: { id: id.slice(0, 100) } } as const
  return await tellingFailure(deps, directory, asked, origin, async () => {
    await deps.catalog.read()
    const view = await deps.store.transaction(async (tx) => {
      const row = await findDirectoryResource(tx, directory, kind, id)
      const catalog = await deps.catalog.readIn(tx)
      const ids = kind === 'group' ? await readDirectoryIds(tx, directory) : undefined
      return await viewOf(deps, tx, catalog, { row, ids })
    })
    await recordRead(deps, directory, asked, origin)
    return view
  })
}

/** `ids` undefined leaves out who is in a group. */
export async function viewOf(
  { scimServer, publicUrl, clock }: Pick<DirectoryDeps, 'scimServer' | 'publicUrl' | 'clock'>,
  tx: Pick<StoreTransaction, 'members'>,
  catalog: CatalogView,
  { row, ids }: { readonly row: DirectoryResource; readonly ids: Directories | undefined },
): Promise<ScimView> {
  if (row.kind === 'user') {
    return userView({ type: scimServer.userType, publicUrl }, row, isActive(catalog, row.id, clock.now()))
  }
  const members = ids && shownMembers(await tx.members.list(row.name), ids)
  const title = catalog.accessList(row.name)?.title ?? row.name
  return groupView({ type: scimServer.groupType, publicUrl }, row, { title, members })
}
