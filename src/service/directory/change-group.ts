/**
 * @module A directory replaces or patches a group of its own: its list is renamed and keeps its name and all it grants,
 * members come and go. What the list is and what is to become of it are compared in one transaction.
 */
import type { RemovalCounts } from '../../core/directory/guard.js'
import { normalizeResource } from '../../core/scim/normalize.js'
import { applyPatch } from '../../core/scim/patch.js'
import type { ScimObject } from '../../core/scim/schema.js'
import type { DirectoryResource } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { ChangeInput } from './change-user.js'
import { countHoldings } from './count-holdings.js'
import type { Directory, DirectoryDeps } from './deps.js'
import { editListMembers } from './edit-list.js'
import { assertVersion, findDirectoryResource } from './find.js'
import { findOwnList } from './find-list.js'
import { assertFreeTitle, readSentGroup } from './group-input.js'
import { diffMembers, readDirectoryIds, readSentMembers, shownMembers } from './group-members.js'
import { guardChange } from './hold.js'
import { groupView, type ScimView, type ShownMember } from './represent.js'
import { recordAsked, tellingFailure } from './told.js'
import { changedDocument, writeDocument } from './write.js'

/**
 * @throws GatewayError `NOT_FOUND`, `REVISION_MISMATCH`, `INVALID_SCIM`, `INVALID_RESOURCE`, `MANAGED_ELSEWHERE`, `LIST_FULL`,
 * `LIST_CYCLE`, `LIST_TOO_DEEP`, and `DIRECTORY_HELD` or `DIRECTORY_REFUSED` where too many would leave.
 */
export async function changeDirectoryGroup(
  deps: DirectoryDeps,
  directory: Directory,
  { id, how, sent, ifMatch }: ChangeInput,
  origin: RequestOrigin,
): Promise<ScimView> {
  const { groupType: type } = deps.scimServer
  const about = { type, publicUrl: deps.publicUrl }
  const event = how === 'patch' ? 'scim.patch' : 'scim.update'
  const asked = { event, type: 'Group', fields: { id: id.slice(0, 100) } } as const
  return await tellingFailure(deps, directory, asked, origin, async () => {
    await deps.catalog.read()
    const done = await deps.store.transaction(async (tx) => {
      const writing = { deps, tx, directory, origin }
      const row = await findDirectoryResource(tx, directory, 'group', id)
      const catalog = await deps.catalog.readIn(tx)
      const list = findOwnList(catalog, row)
      const ids = await readDirectoryIds(tx, directory)
      const members = shownMembers(await tx.members.list(list.name), ids)
      const before = groupView(about, row, { title: list.title, members })
      assertVersion(ifMatch, before.version)
      const resource =
        how === 'patch'
          ? applyPatch(type, patchable(row, list.title, members), sent)
          : normalizeResource(type, sent)
      const group = readSentGroup(type, resource)
      const wanted = readSentMembers(group.members, ids)
      const change = diffMembers(members, wanted)
      const now = deps.clock.now()
      const held = await guardChange(
        deps,
        tx,
        directory,
        {
          identity: ['members', id, ...change.remove.map((one) => one.id).sort()],
          what: `Take ${countOf(change.remove.length)} of ${members.length} out of the group ${list.title}`,
          removes: removalsOf(members, wanted, change.remove),
          has: () => countHoldings(tx, catalog, directory, now),
        },
        origin,
      )
      if (held !== undefined) return { held }
      const title = group.displayName
      const changed = { ...row, externalId: group.externalId, attributes: group.attributes, updatedAt: now }
      const after = groupView(about, changed, { title, members: wanted })
      const told = { ...asked, fields: { id, name: title, ...countsOf(change.add, change.remove) } }
      if (after.version === before.version) {
        await recordAsked(deps, tx, directory, told, origin)
        return { view: before }
      }
      if (title !== list.title) {
        const lists = [...ids.byId.values()].flatMap(({ kind, name }) => (kind === 'group' ? [name] : []))
        assertFreeTitle(catalog, lists, { displayName: title, but: list.name })
        const ref = { kind: 'access_list', name: list.name } as const
        const document = changedDocument(deps, catalog, ref, (spec) => ({ ...spec, title }))
        if (document !== undefined) await writeDocument(writing, 'update', document)
      }
      await editListMembers(writing, catalog, list, change)
      await tx.directories.update(changed)
      await recordAsked(deps, tx, directory, told, origin)
      return { view: after }
    })
    if (done.held !== undefined) throw done.held
    return done.view
  })
}

function patchable(
  { externalId, attributes }: DirectoryResource,
  title: string,
  members: readonly ShownMember[],
): ScimObject {
  return {
    ...attributes,
    displayName: title,
    ...(externalId !== undefined && { externalId }),
    ...(members.length > 0 && {
      members: members.map(({ id, name, kind }) => ({
        value: id,
        display: name,
        type: kind === 'user' ? 'User' : 'Group',
      })),
    }),
  }
}

/** A group whose last members go is emptied. */
function removalsOf(
  before: readonly ShownMember[],
  after: readonly ShownMember[],
  removed: readonly ShownMember[],
): RemovalCounts {
  const empties = before.length > 0 && after.length === 0
  return { users: 0, groups: empties ? 1 : 0, memberships: removed.length }
}

function countOf(count: number): string {
  return count === 1 ? 'one member' : `${count} members`
}

function countsOf(added: readonly ShownMember[], removed: readonly ShownMember[]) {
  return { added: added.length, removed: removed.length }
}
