/** @module The people of one access list: it and the lists below it, flattened from their rows alone. */
import { flattenLists, type FlatList } from '../../core/access-list/flatten.js'
import type { LookUpPerson } from '../../core/access-list/judge-person.js'
import { RowsBelow } from '../../core/access-list/ways-in.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { shownRoleNames } from '../resources/role-refs.js'
import { readMembersBelow } from './read-below.js'
import { momentOf } from './review-summary.js'

/** What users hold by themselves, as requirements judge it. */
export function lookUpPerson(catalog: CatalogView): LookUpPerson {
  return (name) => {
    if (!catalog.parsed('user').has(name)) return undefined
    return catalog.user(name) ?? 'unreadable'
  }
}

/** Shows one stored name of a role as people know it. */
export function roleNamesOf({ inventory }: Pick<CatalogView, 'inventory'>): (stored: string) => string {
  return (stored) => shownRoleNames([stored], inventory)[0] ?? stored
}

const nobody: FlatList = {
  users: new Map(),
  ended: new Set(),
  ineligible: new Map(),
  owners: new Map(),
  ineligibleOwners: new Map(),
  endedOwners: new Set(),
}

interface Kept {
  readonly membersGeneration: number
  readonly from: Instant
  readonly until: Instant
  readonly flat: FlatList
  readonly rows: RowsBelow
}

/** Pages of one list follow each other; a few lists are looked at at a time. */
const kept = new WeakMap<CatalogView, Map<string, Kept>>()
const maxKept = 8

export async function flattenList(
  members: StoreTransaction['members'],
  catalog: CatalogView,
  name: string,
  now: Instant,
): Promise<FlatList> {
  return (await readPeople(members, catalog, name, now)).flat
}

/** Made anew after each change of resources or members, and when a membership ends. A list that is not there has nobody. */
export async function readPeople(
  members: StoreTransaction['members'],
  catalog: CatalogView,
  name: string,
  now: Instant,
): Promise<Pick<Kept, 'flat' | 'rows'>> {
  const membersGeneration = await members.generation()
  const known = kept.get(catalog)?.get(name)
  if (known?.membersGeneration === membersGeneration && known.from <= now && now < known.until) return known
  const rows = await readMembersBelow({ members }, name)
  const names = new Set([name, ...rows.map(({ list }) => list)])
  const lists = [...names]
    .filter((list) => catalog.parsed('access_list').has(list))
    .map((list) => catalog.accessList(list) ?? { name: list })
  const { lists: all, nextExpiry = Infinity } = flattenLists(
    lists,
    rows,
    lookUpPerson(catalog),
    momentOf(catalog, now),
  )
  const flat = all.get(name) ?? nobody
  const one = { membersGeneration, from: now, until: nextExpiry, flat, rows: new RowsBelow(rows) }
  keep(catalog, name, one)
  return one
}

function keep(catalog: CatalogView, name: string, one: Kept): void {
  const of = kept.get(catalog) ?? new Map<string, Kept>()
  const oldest = of.size >= maxKept ? of.keys().next().value : undefined
  if (oldest !== undefined) of.delete(oldest)
  of.set(name, one)
  kept.set(catalog, of)
}
