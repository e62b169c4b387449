/**
 * @module The kind `access_list`: people who share roles. Members are rows beside it; they go with the list. A list
 * whose roles reach accounts is a group in Identity Center, and a list that is imported stays one whatever it grants.
 */
import { isDeepStrictEqual } from 'node:util'
import { resourceError } from '../../api/resource/parse.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import { flattenLists } from '../../core/access-list/flatten.js'
import { listChanges } from '../../core/access-list/list-changes.js'
import { findTooMuch } from '../../core/access-list/limits.js'
import { asksForNothing } from '../../core/access-list/requirements.js'
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { Clock } from '../../lib/clock.js'
import { addEdge, readHierarchy } from '../../service/access-lists/hierarchy.js'
import { loadViewer, rightsOn } from '../../service/access-lists/rights.js'
import { readMembersBelow } from '../../service/access-lists/read-below.js'
import { momentOf } from '../../service/access-lists/review-summary.js'
import { recordAllRemoved } from '../../service/access-lists/member-events.js'
import type { Kind, KindChange, KindContext, ResourceDocument } from '../../service/resources/kind.js'
import { mayOnResource } from '../../service/resources/may.js'
import { shownRoleNames } from '../../service/resources/role-refs.js'
import type { StoreTransaction } from '../../store/store.js'
import { accessListForm, parseAccessListDocument } from './form.js'
import { assertNotPushed, noteManagement } from './managed-elsewhere.js'
import { noteOverdue } from './note-overdue.js'
import { keepOrigin } from './origin.js'
import { releaseGroups } from './release-group.js'
import { keepReviewDate } from './review-date.js'
import { showRoleNames, storeRoleNames } from './role-names.js'
import { lookUpIn, notesOnMembers, warnOfList } from './warnings.js'

const example = `kind: access_list
version: v1
metadata:
  name: platform-team
spec:
  title: Platform team
  description: Runs the shared accounts.
  owners:
    - name: alice@example.com
  grants:
    roles: [access]
`

export const accessListKind: Kind<AccessList> = {
  name: 'access_list',
  plural: 'access_lists',
  title: 'access list',
  aliases: ['acl'],
  description:
    'People who share roles, with owners who answer for it. With roles in AWS it is a group there.',
  versions: ['v1'],
  example,
  schema: accessListForm,
  parse: parseAccessListDocument,
  audit: { create: 'access_list.create', update: 'access_list.update', delete: 'access_list.delete' },
  auditFields: ({ name, title, owners, grants, origin }, { inventory }) => ({
    title,
    access_list_name: name,
    access_list_title: title,
    owners: owners.map(({ name }) => name),
    roles: shownRoleNames(grants.roles, inventory),
    ...(origin.kind === 'imported' && { plugin: origin.plugin }),
  }),
  auditChange: (before, after, { inventory }) => ({
    changes: listChanges(before, after, (roles) => shownRoleNames(roles, inventory)),
  }),
  columns: [
    { key: 'title', title: 'Title', of: ({ title }) => title },
    { key: 'owners', title: 'Owners', of: ({ owners }) => owners.map(({ name }) => name).join(', ') },
    {
      key: 'grants',
      title: 'Grants',
      of: ({ grants }, { inventory }) => shownRoleNames(grants.roles, inventory).join(', '),
    },
    {
      key: 'origin',
      title: 'From',
      of: ({ origin }) => (origin.kind === 'local' ? 'here' : `Identity Center (${origin.plugin})`),
    },
  ],
  prepare: async (document, change, tx, { clock }) => {
    assertNotTooMuch(document, change)
    await assertOwnerLists(change, tx, clock)
    const stored = storeRoleNames(keepOrigin(document, change), change.catalog)
    assertNotPushed(stored, change)
    return keepReviewDate(stored, change.before, clock.now())
  },
  present: showRoleNames,
  warn: warnOfList,
  effects: async (change, tx, context) => {
    // A recycled name inherits no members and no reviews from the list that had it before (T7), neither here nor in AWS.
    if (change.action === 'create') {
      await tx.members.deleteList(change.name)
      await tx.reviews.deleteList(change.name)
      await tx.directories.forget('group', change.name)
      const plugins = change.catalog.parsed('plugin').keys()
      return { notes: await releaseGroups(tx, change.name, plugins, context.clock.now()) }
    }
    return {
      notes:
        change.action === 'delete'
          ? await endList(change, tx, context)
          : [
              ...(await noteManagement(change, tx)),
              ...(await noteOverdue(change, tx, context.clock.now())),
              ...(await noteMembers(change, tx, context.clock.now())),
            ],
    }
  },
}

/**
 * What is stored already may go on to ask for more: nobody would be able to change anything else of the list.
 * @throws GatewayError `INVALID_RESOURCE`.
 */
function assertNotTooMuch(
  document: ResourceDocument,
  { before, after }: Pick<KindChange<AccessList>, 'before' | 'after'>,
): void {
  if (after === undefined) return
  const sections = [
    ['membership_requires', before?.membershipRequires, after.membershipRequires],
    ['ownership_requires', before?.ownershipRequires, after.ownershipRequires],
  ] as const
  const problems = sections.flatMap(([section, was, asks]) => {
    const message = findTooMuch(asks)
    if (message === undefined || isDeepStrictEqual(was, asks)) return []
    return [{ path: `spec.${section}`, message }]
  })
  if (problems.length > 0) throw resourceError('access_list', document, problems)
}

/** Whether a list exists for whoever asks. */
async function sightOfLists(
  tx: StoreTransaction,
  { catalog, authority }: Pick<KindChange<AccessList>, 'catalog' | 'authority'>,
  clock: Clock,
): Promise<(list: string) => boolean> {
  const sights = { kinds: { known: { access_list: accessListKind } }, clock }
  const viewer = await loadViewer(sights, tx, catalog, authority)
  return (list) => rightsOn(viewer, list).sight !== 'none'
}

/**
 * Edges to lists that own it; a list that names none has none to check.
 * @throws GatewayError `LIST_CYCLE`, `LIST_TOO_DEEP`.
 */
async function assertOwnerLists(
  { after, catalog, authority }: Pick<KindChange<AccessList>, 'after' | 'catalog' | 'authority'>,
  tx: StoreTransaction,
  clock: Clock,
): Promise<void> {
  const owning = after?.owners.filter(({ kind }) => kind === 'list') ?? []
  if (after === undefined || owning.length === 0) return
  const hierarchy = await readHierarchy(tx, catalog, after.name)
  const sees = await sightOfLists(tx, { catalog, authority }, clock)
  for (const { name } of owning) addEdge(hierarchy, { above: after.name, below: name }, { as: 'owner', sees })
}

/** Who does not meet what the list asks, where that was just written. */
async function noteMembers(
  { before, after, catalog, authority }: KindChange<AccessList>,
  tx: StoreTransaction,
  now: Instant,
): Promise<string[]> {
  if (after === undefined || asksForNothing(after.membershipRequires)) return []
  if (isDeepStrictEqual(before?.membershipRequires, after.membershipRequires)) return []
  const maySee = mayOnResource(authority, { resource: 'user', verb: 'read' }).effect === 'allow'
  if (!maySee) return []
  const rows = await readMembersBelow(tx, after.name)
  const below = catalog.accessLists().flatMap(({ value }) => (value.name === after.name ? [] : [value]))
  const flat = flattenLists([...below, after], rows, lookUpIn(catalog), momentOf(catalog, now)).lists.get(
    after.name,
  )
  return flat === undefined ? [] : notesOnMembers(after, flat, catalog)
}

/** @throws GatewayError `STILL_IN_USE` while the list is a member or an owner of another one. */
async function endList(
  { name, before, authority, origin, catalog }: KindChange<AccessList>,
  tx: StoreTransaction,
  context: KindContext,
): Promise<string[]> {
  const parents = (await tx.members.listOf('list', name)).map(({ list }) => list)
  const owned = catalog.listsOwnedBy('list', name).filter((list) => list !== name)
  if (parents.length + owned.length > 0) {
    const sees = await sightOfLists(tx, { catalog, authority }, context.clock)
    throw stillInUse(name, { parents, owned }, sees)
  }
  const members = await tx.members.list(name)
  const count = await tx.members.deleteList(name)
  await tx.reviews.deleteList(name)
  await tx.directories.forget('group', name)
  const notes: string[] = []
  if (count > 0) {
    const title = before?.title
    await recordAllRemoved(context, tx, { list: { name, title }, members, actor: authority.name }, origin)
    notes.push(`Removes ${count === 1 ? 'one member' : `${count} members`} of ${name}.`)
  }
  for (const { value } of catalog.plugins()) {
    const link = await tx.principalLinks.find(value.name, 'group', name)
    if (link === undefined) continue
    const afterPause = value.sync === 'paused' ? ', as soon as the sync is active again' : ''
    notes.push(
      link.origin === 'created'
        ? `Its group in Identity Center goes, and with it the access that the group gives${afterPause}.`
        : `The access that its group in Identity Center gives is taken away${afterPause}; the group itself, which was there before, is deleted after the delay that the plugin ${value.name} says (deletion_delay).`,
    )
  }
  return notes
}

/** All that stands in the way at once: whoever mends the one should not be refused for the other then. */
function stillInUse(
  name: string,
  { parents, owned }: { readonly parents: readonly string[]; readonly owned: readonly string[] },
  sees: (list: string) => boolean,
): GatewayError {
  const some = (lists: readonly string[]) => {
    const seen = lists.filter(sees)
    const hidden = lists.length - seen.length
    const others = hidden === 1 ? 'a list that you may not see' : `${hidden} lists that you may not see`
    return [...seen.slice(0, 10), ...(hidden > 0 ? [others] : [])].join(', ')
  }
  const is = [
    ...(parents.length > 0 ? ['is a member of other lists'] : []),
    ...(owned.length > 0 ? ['owns other lists'] : []),
  ]
  const first = [
    ...(parents.length > 0 ? [`remove it from ${some(parents)}`] : []),
    ...(owned.length > 0 ? [`take it out of the owners of ${some(owned)}`] : []),
  ]
  return new GatewayError(
    'STILL_IN_USE',
    `access list "${name}" ${is.join(' and ')} and cannot be deleted; first ${first.join(', and ')}`,
    { kind: 'access_list', name, lists: [...new Set([...parents, ...owned])].filter(sees) },
  )
}
