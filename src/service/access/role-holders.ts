/** @module The people and machine users who hold a role, as far as whoever asks may see them. */
import { findPlace, formatCursor, parseCursor } from '../../core/inventory/cursor.js'
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
    ...holdersOf('user', catalog.users(), stored),
  ].filter((holder) => words.every((word) => holder.name.toLowerCase().includes(word)))
  const holders = found.filter(visibleTo(deps, catalog, authority)).sort((a, b) => (isBefore(a, b) ? -1 : 1))
  const start = cursor === undefined ? 0 : placeAfter(holders, cursor)
  const items = holders.slice(start, start + limit)
  const last = items.at(-1)
  const isLast = last === undefined || start + limit >= holders.length
  return { items, next: isLast ? undefined : formatCursor(textsOf(last)), total: holders.length }
}

function holdersOf(
  kind: RoleHolder['kind'],
  entries: readonly Entry<{ readonly name: string; readonly roles: readonly string[] }>[],
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
