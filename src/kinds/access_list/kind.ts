/**
 * @module The kind `access_list`: people who share roles. Members are rows beside it; they go with the list. A list
 * whose roles reach accounts is a group in Identity Center, and a list that is imported stays one whatever it grants.
 */
import { resourceError } from '../../api/resource/parse.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import { GatewayError } from '../../core/error.js'
import type { Authority } from '../../service/authority.js'
import { record } from '../../service/people/record.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import type { Kind, KindChange, KindContext, ResourceDocument } from '../../service/resources/kind.js'
import { mayOnResource } from '../../service/resources/may.js'
import { shownRoleNames, storedRoleNames } from '../../service/resources/role-refs.js'
import type { StoreTransaction } from '../../store/store.js'
import { warnOfMissingRoles } from '../shared/held-roles.js'
import { accessListForm, parseAccessListDocument, type AccessListDocument } from './form.js'
import { keepOrigin } from './origin.js'

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

const maxWarnings = 20

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
  auditFields: ({ title, owners, grants, origin }, { inventory }) => ({
    title,
    owners,
    roles: shownRoleNames(grants.roles, inventory),
    ...(origin.kind === 'imported' && { plugin: origin.plugin }),
  }),
  columns: [
    { key: 'title', title: 'Title', of: ({ title }) => title },
    { key: 'owners', title: 'Owners', of: ({ owners }) => owners.join(', ') },
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
  prepare: (document, change) => Promise.resolve(storeGrants(keepOrigin(document, change), change.catalog)),
  present: (document, { inventory }) => mapGrants(document, (stored) => shownRoleNames(stored, inventory)),
  warn: listWarnings,
  effects: async (change, tx, context) => {
    // A recycled name inherits no members from the list that had it before (T7).
    if (change.action === 'create') await tx.members.deleteList(change.name)
    return change.action === 'delete' ? { notes: await endList(change, tx, context) } : {}
  },
}

/** @throws GatewayError `INVALID_RESOURCE` for names that no role can have, each with its place. */
function storeGrants(document: ResourceDocument, catalog: CatalogView): ResourceDocument {
  return mapGrants(document, (written) => {
    const { roles, problems } = storedRoleNames(written, catalog.inventory)
    if (problems.length === 0) return roles
    const placed = problems.map(({ index, message }) => ({ path: `spec.grants.roles.${index}`, message }))
    throw resourceError(document.kind, document, placed)
  })
}

function mapGrants(
  document: ResourceDocument,
  map: (roles: readonly string[]) => readonly string[],
): ResourceDocument {
  const { spec } = document as AccessListDocument // the form of this kind made it
  if (spec.grants?.roles === undefined) return document
  return { ...document, spec: { ...spec, grants: { ...spec.grants, roles: map(spec.grants.roles) } } }
}

function listWarnings(list: AccessList, catalog: CatalogView, authority: Authority): string[] {
  const maySeeUsers = mayOnResource(authority, { resource: 'user', verb: 'read' }).effect === 'allow'
  const absent = maySeeUsers ? list.owners.filter((owner) => catalog.user(owner) === undefined) : []
  const sameTitle = catalog
    .accessLists()
    .find(({ value }) => value.name !== list.name && value.title.toLowerCase() === list.title.toLowerCase())
  const maySeeLists = mayOnResource(authority, { resource: 'access_list', verb: 'read' }).effect === 'allow'
  return [
    ...absent.slice(0, maxWarnings).map((owner) => `There is no user "${owner}", who is to own the list.`),
    ...warnOfMissingRoles(list.grants.roles, catalog, authority),
    ...(sameTitle !== undefined && maySeeLists
      ? [
          `Access list "${sameTitle.value.name}" has the same title; Identity Center keeps the names of groups apart, so only one of them can be a group there.`,
        ]
      : []),
  ]
}

/** @throws GatewayError `STILL_IN_USE` while the list is a member of another one. */
async function endList(
  { name, authority, origin, catalog }: KindChange<AccessList>,
  tx: StoreTransaction,
  context: KindContext,
): Promise<string[]> {
  const parents = (await tx.members.listOf('list', name)).map(({ list }) => list)
  if (parents.length > 0) {
    throw new GatewayError(
      'STILL_IN_USE',
      `access list "${name}" is a member of other lists and cannot be deleted; first remove it from ${parents.slice(0, 10).join(', ')}`,
      { kind: 'access_list', name, lists: parents },
    )
  }
  const count = await tx.members.deleteList(name)
  const notes: string[] = []
  if (count > 0) {
    const event = 'access_list.member.delete_all_members'
    const fields = { name, count, updated_by: authority.name }
    await record(context, tx, { event, success: true, user: authority.name, fields }, origin)
    notes.push(`Removes ${count === 1 ? 'one member' : `${count} members`} of ${name}.`)
  }
  for (const { value } of catalog.plugins()) {
    const link = await tx.principalLinks.find(value.name, 'group', name)
    if (link === undefined) continue
    notes.push(
      `Its group in Identity Center goes, and with it the access that the group gives${
        value.sync === 'paused' ? ', as soon as the sync is active again' : ''
      }.`,
    )
  }
  return notes
}
