/**
 * @module The roles and traits that count for a person: their own, and what the access lists give that they are in or
 * own. Worked out anew for each request and each decision from the rows as they stand, and never stored, so that a
 * removal counts at the next request on every replica. Asks by name and starts from what is stored of the user: what
 * lists give can never come to meet what lists ask for.
 */
import type { AccessList, AccessListMember, ListGrants } from '../../core/access-list/access-list.js'
import type { Ineligible } from '../../core/access-list/flatten.js'
import { listsOfPerson } from '../../core/access-list/person-lists.js'
import { overdueEffect } from '../../core/access-list/review-schedule.js'
import { parseAssignmentRoleRef } from '../../core/inventory/assignment-role.js'
import type { Instant } from '../../core/time.js'
import type { Traits, User } from '../../core/user/user.js'
import type { AccessListMemberStore } from '../../store/store.js'
import { findFilled, momentOf } from '../access-lists/review-summary.js'
import type { CatalogView } from '../resources/catalog-view.js'

/** What one list gives a person, and how they come to it. */
export interface GivenByList {
  readonly list: string
  readonly side: 'member' | 'owner'
  /** From the list to the one that has the person, as `FlatMember` and `FlatOwner` say. */
  readonly path: readonly string[]
  readonly grants: ListGrants
}

/** A list whose grants do not count for anybody now. */
export interface SkippedList extends GivenByList {
  readonly why:
    | { readonly kind: 'overdue' }
    | { readonly kind: 'unreadable' }
    /** It names these stored roles, which do not exist. */
    | { readonly kind: 'missing_roles'; readonly roles: readonly string[] }
}

export interface EffectiveUser {
  /** With the roles and traits that count: own ones first, each once. */
  readonly user: User
  readonly own: User
  readonly given: readonly GivenByList[]
  readonly skipped: readonly SkippedList[]
  /** Lists that reach the person, who lacks what one on the way asks for; by name of the list. */
  readonly notMember: ReadonlyMap<string, Ineligible>
  readonly notOwner: ReadonlyMap<string, Ineligible>
}

export type MemberRows = Pick<AccessListMemberStore, 'edgesAbove' | 'countOf' | 'lastLeft'>

/** Undefined where there is no such user, or none that can be read. One question to the store where there are lists. */
export async function effectiveUser(
  members: MemberRows,
  catalog: CatalogView,
  name: string,
  now: Instant,
): Promise<EffectiveUser | undefined> {
  const own = catalog.user(name)
  if (own === undefined) return undefined
  if (catalog.parsed('access_list').size === 0) return withLists(own, [], [])
  const edges = await members.edgesAbove('user', name)
  const concerned = new Set(edges.map(({ list }) => list))
  const owned = [
    ...catalog.listsOwnedBy('user', name),
    ...[...concerned].flatMap((list) => catalog.listsOwnedBy('list', list)),
  ]
  for (const list of owned) concerned.add(list)
  if (concerned.size === 0) return withLists(own, [], [])
  // A row may outlive its list for a moment: what does not exist gives nothing and carries nobody on.
  const lists = [...concerned].flatMap((list) => catalog.accessList(list) ?? unreadable(catalog, list))
  const found = listsOfPerson({ name, own, edges, lists }, momentOf(catalog, now))
  const held = [
    ...heldBy(catalog, found.memberships, 'member'),
    ...heldBy(catalog, found.ownerships, 'owner'),
  ]
  const overdue = await findOverdue(members, catalog, new Set(held.map(({ list }) => list)), edges, now)
  const given: GivenByList[] = []
  const skipped: SkippedList[] = []
  for (const one of held) {
    const why = whySkipped(catalog, one, overdue)
    if (why === undefined) given.push(one)
    else skipped.push({ ...one, why })
  }
  return { ...withLists(own, given, skipped), notMember: found.notMember, notOwner: found.notOwner }
}

/** As {@link effectiveUser}, for whoever needs no more than the user; `fallback` where there is none by this name. */
export async function withListGrants(
  members: MemberRows,
  catalog: CatalogView,
  fallback: User,
  now: Instant,
): Promise<User> {
  return (await effectiveUser(members, catalog, fallback.name, now))?.user ?? fallback
}

/**
 * What counts in AWS accounts: there a list that names a missing role goes on giving its others, since a group in AWS
 * that lost all its assignments for a misspelt name would be far worse than one that lacks some.
 */
export function effectiveInAws({ own, given, skipped }: EffectiveUser): EffectiveUser {
  const counting = skipped.filter(({ why }) => why.kind === 'missing_roles')
  const others = skipped.filter((one) => !counting.includes(one))
  return withLists(own, [...given, ...counting], others)
}

function withLists(own: User, given: readonly GivenByList[], skipped: readonly SkippedList[]): EffectiveUser {
  const roles = [...new Set([...own.roles, ...given.flatMap(({ grants }) => grants.roles)])]
  const user =
    given.length === 0
      ? own
      : { ...own, roles, traits: unite([own.traits, ...given.map(({ grants }) => grants.traits)]) }
  return { user, own, given, skipped, notMember: new Map(), notOwner: new Map() }
}

/** `Object.fromEntries` makes own members of every name, `__proto__` too. */
function unite(all: readonly Traits[]): Traits {
  const values = new Map<string, Set<string>>()
  for (const [trait, of] of all.flatMap((traits) => Object.entries(traits))) {
    const known = values.get(trait)
    if (known === undefined) values.set(trait, new Set(of))
    else for (const value of of) known.add(value)
  }
  return Object.fromEntries([...values].map(([trait, of]) => [trait, [...of]]))
}

function unreadable(catalog: CatalogView, name: string): { readonly name: string }[] {
  return catalog.parsed('access_list').has(name) ? [{ name }] : []
}

function heldBy(
  catalog: CatalogView,
  lists: ReadonlyMap<string, { readonly path: readonly string[] }>,
  side: GivenByList['side'],
): GivenByList[] {
  return [...lists].flatMap(([name, { path }]): GivenByList[] => {
    const list = catalog.accessList(name)
    if (list === undefined) return [{ list: name, side, path, grants: { roles: [], traits: {} } }]
    const grants = side === 'member' ? list.grants : list.ownerGrants
    const isEmpty = grants.roles.length === 0 && Object.keys(grants.traits).length === 0
    return isEmpty ? [] : [{ list: name, side, path, grants }]
  })
}

function whySkipped(
  catalog: CatalogView,
  { list, grants }: GivenByList,
  overdue: ReadonlySet<string>,
): SkippedList['why'] | undefined {
  if (catalog.accessList(list) === undefined) return { kind: 'unreadable' }
  if (overdue.has(list)) return { kind: 'overdue' }
  // An account or permission set that is gone, or not read yet, gives nothing and takes nothing else away.
  const stored = grants.roles.filter((role) => parseAssignmentRoleRef(role) === undefined)
  const { missing } = catalog.rolesOf({ roles: stored })
  return missing.length === 0 ? undefined : { kind: 'missing_roles', roles: missing }
}

/** Lists whose grants were removed since nobody reviewed them; of one without members `findFilled` tells. */
async function findOverdue(
  members: MemberRows,
  catalog: CatalogView,
  names: ReadonlySet<string>,
  edges: readonly AccessListMember[],
  now: Instant,
): Promise<ReadonlySet<string>> {
  const preference = catalog.preference().accessListReviews
  const isDue = ({ review }: AccessList): boolean =>
    overdueEffect({ review, preference, hasMembers: true }, now) === 'grants_removed'
  const due = [...names].flatMap((name) => {
    const list = catalog.accessList(name)
    return list !== undefined && isDue(list) ? [list] : []
  })
  const filled = new Set(
    edges.flatMap(({ list, expiresAt }) => (expiresAt === undefined || expiresAt > now ? [list] : [])),
  )
  // Of a list that the person owns and is not in, the rows at hand say nothing.
  const unknown = due.filter(({ name }) => !filled.has(name))
  const others =
    unknown.length === 0 ? new Set<string>() : await findFilled(members, unknown, preference, now)
  return new Set(due.flatMap(({ name }) => (filled.has(name) || others.has(name) ? [name] : [])))
}
