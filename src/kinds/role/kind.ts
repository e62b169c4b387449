/**
 * @module The kind `role`. Roles that people write are stored; account assignment roles are computed from the
 * inventory, can be read, listed and named like others, and never stored under their reserved names.
 */
import {
  assignmentRoleDocument,
  isReservedRoleName,
  listAssignmentRoles,
  resolveAssignmentRole,
} from '../../core/inventory/assignment-role.js'
import type { Pair } from '../../core/inventory/pair.js'
import type { Role } from '../../core/role/role.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import type { Kind } from '../../service/resources/kind.js'
import { mayOnResource } from '../../service/resources/may.js'
import { parseRoleDocument, roleForm } from './form.js'
import { describeApplications, listNotes, listParts } from './notes.js'

const example = `kind: role
version: v8
metadata:
  name: production-readers
  description: Reads production.
spec:
  allow:
    app_labels:
      teleport.dev/origin: aws-identity-center
    account_assignments:
      - account: '123456789012'
        permission_set: 'arn:aws:sso:::permissionSet/ssoins-1234/ps-5678'
`

export const roleKind: Kind<Role> = {
  name: 'role',
  plural: 'roles',
  title: 'role',
  aliases: [],
  description: 'What its holders may and may not do: applications, AWS accounts, resources of this gateway.',
  versions: ['v8', 'v7', 'v6', 'v5', 'v4', 'v3'],
  example,
  schema: roleForm,
  parse: parseRoleDocument,
  audit: { create: 'role.created', update: 'role.updated', delete: 'role.deleted' },
  columns: [
    { key: 'version', title: 'Version', of: ({ version }) => version },
    { key: 'allows', title: 'Allows', of: describeAllows },
    { key: 'denies', title: 'Denies', of: ({ deny, version }) => listParts(deny, version).join(', ') },
  ],
  effects: ({ action, name, catalog, authority }) => {
    if (action !== 'delete') return Promise.resolve({})
    const holders = countHolders(name, catalog)
    const granting = catalog.accessLists().filter(({ value }) => value.grants.roles.includes(name))
    const lists = granting.length
    const mayName = mayOnResource(authority, { resource: 'access_list', verb: 'list' }).effect === 'allow'
    const named = mayName ? ` (${nameSome(granting.map(({ value }) => value.name))})` : ''
    const who = holders === 1 ? '1 user or token names it' : `${holders} users and tokens name it`
    const grant = lists === 1 ? `1 access list grants it${named}` : `${lists} access lists grant it${named}`
    const notes = [
      ...(holders === 0 ? [] : [`${who} and will hold nothing by that name.`]),
      ...(lists === 0
        ? []
        : [`${grant}: their members lose what it allows, and what it denies is denied no more.`]),
    ]
    return Promise.resolve(notes.length === 0 ? {} : { notes })
  },
  computed: {
    find: (name, { inventory }) => {
      const pair = isReservedRoleName(name) ? resolveAssignmentRole(inventory, name) : undefined
      return pair === undefined ? undefined : { ...assignmentRoleDocument(pair) }
    },
    list: ({ shows, ...page }, { inventory }) => {
      const seen = shows && ((pair: Pair) => shows({ ...assignmentRoleDocument(pair) }))
      const { pairs, next, total } = listAssignmentRoles(inventory, { ...page, ...(seen && { shows: seen }) })
      return { documents: pairs.map((pair) => ({ ...assignmentRoleDocument(pair) })), next, total }
    },
    reserves: isReservedRoleName,
  },
  warn: (role, { inventory }, authority) => {
    // What exists in AWS is told to those alone who may list the roles that are computed from it.
    const seesAll = mayOnResource(authority, { resource: 'role', verb: 'list' }).effect === 'allow'
    return listNotes(role, seesAll ? inventory : undefined)
  },
}

/** The first few, by name. */
function nameSome(names: readonly string[]): string {
  const [shown, more] = [names.slice(0, 5), names.length - 5]
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** Account assignment roles take no part in sign-in to applications. */
function describeAllows(role: Role): string {
  const applications = isReservedRoleName(role.name) ? undefined : describeApplications(role)
  return [...(applications === undefined ? [] : [applications]), ...listParts(role.allow, role.version)].join(
    ', ',
  )
}

function countHolders(name: string, catalog: CatalogView): number {
  return [...catalog.users(), ...catalog.tokens()].filter(({ value }) => value.roles.includes(name)).length
}
