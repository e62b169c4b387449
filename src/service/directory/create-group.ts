/**
 * @module A directory pushes a group: it becomes an access list of type `scim`, which the directory owns. What the list
 * grants, who owns and who reviews it are said here.
 */
import { directoryListName } from '../../core/directory/names.js'
import { normalizeResource } from '../../core/scim/normalize.js'
import type { RequestOrigin } from '../context.js'
import type { Directory, DirectoryDeps } from './deps.js'
import { editListMembers } from './edit-list.js'
import { assertFreeTitle, readSentGroup } from './group-input.js'
import { readDirectoryIds, readSentMembers } from './group-members.js'
import { groupView, type ScimView } from './represent.js'
import { recordAsked, tellingFailure } from './told.js'
import { writeDocument } from './write.js'

/** @throws GatewayError `INVALID_SCIM`, `INVALID_RESOURCE`, `LIST_FULL`, `LIST_CYCLE`, `LIST_TOO_DEEP`. */
export async function createDirectoryGroup(
  deps: DirectoryDeps,
  directory: Directory,
  sent: unknown,
  origin: RequestOrigin,
): Promise<ScimView> {
  const { groupType: type } = deps.scimServer
  const asked = { event: 'scim.create', type: 'Group' } as const
  return await tellingFailure(deps, directory, asked, origin, async () => {
    const group = readSentGroup(type, normalizeResource(type, sent))
    const { displayName: title } = group
    await deps.catalog.read()
    return await deps.store.transaction(async (tx) => {
      const writing = { deps, tx, directory, origin }
      const ids = await readDirectoryIds(tx, directory)
      const lists = [...ids.byId.values()].flatMap(({ kind, name }) => (kind === 'group' ? [name] : []))
      assertFreeTitle(await deps.catalog.readIn(tx), lists, { displayName: title, but: undefined })
      const members = readSentMembers(group.members, ids)
      const id = deps.random.uuid()
      const name = directoryListName(title, id)
      await writeDocument(writing, 'create', {
        kind: 'access_list',
        version: 'v1',
        metadata: { name, labels: { 'managed-by': `the directory of connector ${directory.connector}` } },
        spec: { title, type: 'scim' },
      })
      const now = deps.clock.now()
      const { externalId, attributes } = group
      const { connector } = directory
      const times = { createdAt: now, updatedAt: now }
      const row = { id, connector, kind: 'group', name, externalId, attributes, ...times } as const
      await tx.directories.create(row)
      const catalog = await deps.catalog.readIn(tx)
      const list = catalog.accessList(name)
      if (list === undefined) throw new Error('a list that was made is missing')
      await editListMembers(writing, catalog, list, { add: members, remove: [] })
      await recordAsked(deps, tx, directory, { ...asked, fields: { id, name: title } }, origin)
      return groupView({ type, publicUrl: deps.publicUrl }, row, { title, members })
    })
  })
}
