/**
 * @module What is allowed in the document of an access list and probably not meant: owners and roles that are not there,
 * requirements that people do not meet, roles that deny. Each is told to those alone who may see what it tells of.
 */
import type { AccessList, ListGrants } from '../../core/access-list/access-list.js'
import type { FlatList } from '../../core/access-list/flatten.js'
import { judgePerson, whyNotWords, type LookUpPerson } from '../../core/access-list/judge-person.js'
import { asksForNothing } from '../../core/access-list/requirements.js'
import { presentRoleName } from '../../core/inventory/assignment-role.js'
import type { Role } from '../../core/role/role.js'
import type { Authority } from '../../service/authority.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import { mayOnResource } from '../../service/resources/may.js'
import { warnOfMissingRoles } from '../shared/held-roles.js'

const maxWarnings = 20

export function warnOfList(list: AccessList, catalog: CatalogView, authority: Authority): string[] {
  const maySee = (resource: 'user' | 'access_list' | 'role') =>
    mayOnResource(authority, { resource, verb: 'read' }).effect === 'allow'
  const seesLists = maySee('access_list')
  return [
    ...(maySee('user') ? warnOfOwners(list, catalog) : []),
    ...(seesLists ? warnOfOwnerLists(list, catalog) : []),
    ...warnOfMissingRoles(
      [...new Set([...list.grants.roles, ...list.ownerGrants.roles])],
      catalog,
      authority,
    ),
    ...warnOfRequiredRoles(list, catalog),
    ...(maySee('role') ? warnOfDenials(list, catalog) : []),
    ...(seesLists ? warnOfTitle(list, catalog) : []),
  ]
}

/** Own roles and traits of the users as a catalog has them. */
export function lookUpIn(catalog: Pick<CatalogView, 'user' | 'parsed'>): LookUpPerson {
  return (name) => catalog.user(name) ?? (catalog.parsed('user').has(name) ? 'unreadable' : undefined)
}

function warnOfOwners({ owners, ownershipRequires }: AccessList, catalog: CatalogView): string[] {
  const people = lookUpIn(catalog)
  const users = owners.filter(({ kind }) => kind === 'user')
  const warnings = users.flatMap(({ name }) => {
    if (people(name) === undefined) return [`There is no user "${name}", who is to own the list.`]
    const why = judgePerson(ownershipRequires, people, name)
    if (why === undefined) return []
    return [`${name} ${wordsOf(why, catalog)}, which the list asks of its owners, and does not own it.`]
  })
  return warnings.slice(0, maxWarnings)
}

function warnOfOwnerLists({ owners }: AccessList, catalog: CatalogView): string[] {
  return owners
    .filter(({ kind, name }) => kind === 'list' && !catalog.parsed('access_list').has(name))
    .slice(0, maxWarnings)
    .map(({ name }) => `There is no access list "${name}", whose members are to own the list.`)
}

function warnOfRequiredRoles(
  { membershipRequires, ownershipRequires }: AccessList,
  catalog: CatalogView,
): string[] {
  return (
    [
      ['members', membershipRequires],
      ['owners', ownershipRequires],
    ] as const
  ).flatMap(([whom, { roles }]) =>
    catalog
      .rolesOf({ roles })
      .missing.slice(0, maxWarnings)
      .map((name) => `There is no role "${name}", which the list asks of its ${whom}; nobody can meet that.`),
  )
}

/** Nothing of it is left out, but whoever takes the person off the list takes the denial away too. */
function warnOfDenials({ grants, ownerGrants }: AccessList, catalog: CatalogView): string[] {
  const denies = ({ deny }: Role) =>
    Object.keys(deny.appLabels).length > 0 ||
    deny.appLabelsExpression !== undefined ||
    deny.accountAssignments.length > 0 ||
    deny.rules.length > 0
  const roles = catalog.rolesOf({ roles: rolesOf(grants, ownerGrants) }).roles.filter(denies)
  return roles
    .slice(0, maxWarnings)
    .map(({ name }) => `The role ${name} denies something; a denial that comes with a list goes with it too.`)
}

function rolesOf(...grants: readonly ListGrants[]): string[] {
  return [...new Set(grants.flatMap(({ roles }) => roles))]
}

function warnOfTitle(list: AccessList, catalog: CatalogView): string[] {
  const title = list.title.toLowerCase()
  const same = catalog
    .accessLists()
    .find(({ value }) => value.name !== list.name && value.title.toLowerCase() === title)
  if (same === undefined) return []
  return [
    `Access list "${same.value.name}" has the same title; Identity Center keeps the names of groups apart, so only one of them can be a group there.`,
  ]
}

/** Members whom the list reaches and who do not count, for whoever wrote what it asks; `flat` is of the list. */
export function notesOnMembers(list: AccessList, flat: FlatList, catalog: CatalogView): string[] {
  if (asksForNothing(list.membershipRequires)) return []
  const out = [...flat.ineligible].filter(([, { asks, why }]) => asks === list.name && why.kind !== 'frozen')
  if (out.length === 0) return []
  const shown = out.slice(0, 5).map(([name, { why }]) => `${name} ${wordsOf(why, catalog)}`)
  const more = out.length > shown.length ? `; and ${out.length - shown.length} more` : ''
  const who = out.length === 1 ? '1 member does' : `${out.length.toLocaleString('en')} members do`
  const all = flat.users.size === 0 ? ' Nobody is left in it.' : ''
  return [`${who} not meet what the list asks and count for nothing in it: ${shown.join('; ')}${more}.${all}`]
}

function wordsOf(why: Parameters<typeof whyNotWords>[0], { inventory }: CatalogView): string {
  return whyNotWords(why, (stored) => presentRoleName(inventory, stored))
}
