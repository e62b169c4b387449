/**
 * @module The people and machine users who hold a role, by themselves or through access lists, as far as whoever asks
 * may see them.
 */
import { flattenLists } from '../../core/access-list/flatten.js'
import { findOverdue, mayLoseGrants } from '../../core/entitlement/overdue.js'
import { findPlace, formatCursor, parseCursor } from '../../core/inventory/cursor.js'
import { momentOf } from '../access-lists/review-summary.js'
import { storedRoleNames } from '../resources/role-refs.js'
import { mayOnResource } from '../resources/may.js'
import { shownDocument } from '../resources/present.js'
import type { Authority } from '../authority.js'
import type { CatalogView, Entry } from '../resources/catalog-view.js'
import type { AccessDeps } from './holder.js'
import { findRole } from './role-access.js'
import type { AccessPageInput } from './user-access.js'

export interface RoleHolder {
  readonly kind: 'user' | 'token'
  /** Of the resource; a token acts as `token/NAME`. */
  readonly name: string
}

export interface RoleHolders {
  readonly items: readonly RoleHolder[]
  readonly next: string | undefined
  readonly total: number
}

/**
 * Tokens, then users, each by name; words of the search stand in the name.
 * @throws GatewayError as `findRole` does, and `INVALID_INPUT` for a cursor that no page gave.
 */
export async function listRoleHolders(
  deps: AccessDeps,
  { name, search, cursor, limit }: AccessPageInput,
  authority: Authority,
): Promise<RoleHolders> {
  const { catalog } = await findRole(deps, name, authority)
  const [stored = name] = storedRoleNames([name], catalog.inventory).roles
  const words = (search ?? '').toLowerCase().split(/\s+/)
  const found = [
    ...holdersOf('token', catalog.tokens(), stored),
    ...holdersOf('user', await withLists(deps, catalog, stored), stored),
  ].filter((holder) => words.every((word) => holder.name.toLowerCase().includes(word)))
  const holders = found.filter(visibleTo(deps, catalog, authority)).sort((a, b) => (isBefore(a, b) ? -1 : 1))
  const start = cursor === undefined ? 0 : placeAfter(holders, cursor)
  const items = holders.slice(start, start + limit)
  const last = items.at(-1)
  const isLast = last === undefined || start + limit >= holders.length
  return { items, next: isLast ? undefined : formatCursor(textsOf(last)), total: holders.length }
}

interface HoldsRoles {
  readonly name: string
  readonly roles: readonly string[]
}

/** Users with their own roles, and with the one that is asked about where a list gives it to them. */
async function withLists(
  { store, clock }: AccessDeps,
  catalog: CatalogView,
  role: string,
): Promise<{ readonly value: HoldsRoles }[]> {
  const users = catalog.users()
  const lists = catalog.accessLists().map(({ value }) => value)
  if (!lists.some(({ grants, ownerGrants }) => [...grants.roles, ...ownerGrants.roles].includes(role))) {
    return users
  }
  const now = clock.now()
  const members = await store.members.listAll()
  const all = [...catalog.parsed('access_list').keys()].map((name) => catalog.accessList(name) ?? { name })
  const ownFacts = (name: string) =>
    catalog.user(name) ?? (catalog.parsed('user').has(name) ? ('unreadable' as const) : undefined)
  const flat = flattenLists(all, members, ownFacts, momentOf(catalog, now))
  const whenOverdue = catalog.preference().accessListReviews
  const losing = lists.flatMap((list) => (mayLoseGrants(list, whenOverdue) ? [list.name] : []))
  const lastLeft = await store.members.lastLeft(losing, now)
  const { withoutGrants } = findOverdue(lists, { members, lastLeft, whenOverdue, now })
  const given = new Set<string>()
  for (const { name, grants, ownerGrants } of lists) {
    const of = withoutGrants.has(name) ? undefined : flat.lists.get(name)
    if (grants.roles.includes(role)) for (const user of of?.users.keys() ?? []) given.add(user)
    if (ownerGrants.roles.includes(role)) for (const user of of?.owners.keys() ?? []) given.add(user)
  }
  return users.map(({ value }) => ({
    value: given.has(value.name) ? { name: value.name, roles: [...value.roles, role] } : value,
  }))
}

function holdersOf(
  kind: RoleHolder['kind'],
  entries: readonly Pick<Entry<HoldsRoles>, 'value'>[],
  role: string,
): RoleHolder[] {
  return entries
    .filter(({ value }) => value.roles.includes(role))
    .map(({ value }) => ({ kind, name: value.name }))
}

function visibleTo(
  { kinds }: AccessDeps,
  catalog: CatalogView,
  authority: Authority,
): (holder: RoleHolder) => boolean {
  const right = (kind: RoleHolder['kind']) => ({ resource: kind, verb: 'list' })
  const all = {
    user: mayOnResource(authority, right('user')).effect,
    token: mayOnResource(authority, right('token')).effect,
  }
  return ({ kind, name }) => {
    if (all[kind] !== 'conditional') return all[kind] === 'allow'
    const definition = kinds.find(kind)
    const parsed = catalog.parsed(kind).get(name)
    const document = definition && parsed && shownDocument(definition, parsed, catalog)
    return mayOnResource(authority, right(kind), document).effect === 'allow'
  }
}

function textsOf({ kind, name }: RoleHolder): readonly string[] {
  return [kind, name]
}

function isBefore(a: RoleHolder, b: RoleHolder): boolean {
  return a.kind === b.kind ? a.name < b.name : a.kind < b.kind
}

function placeAfter(holders: readonly RoleHolder[], cursor: string): number {
  const { place, exact } = findPlace(holders, textsOf, parseCursor(cursor, 2))
  return exact ? place + 1 : place
}
