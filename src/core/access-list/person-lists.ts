/**
 * @module The lists that one person is in or owns, from the rows above them alone: what a sign-in asks, without
 * flattening everything. The answer is that of `flattenLists`, list by list.
 */
import type { Instant } from '../time.js'
import type { AccessListMember, ListOwner } from './access-list.js'
import {
  flattenLists,
  type FlatMember,
  type FlatOwner,
  type Ineligible,
  type ListToFlatten,
  type Moment,
} from './flatten.js'
import { judgeOwner, type LookUpPerson, type OwnFacts } from './judge-person.js'

export interface PersonEdges {
  readonly name: string
  /** Own roles and traits; `unreadable` or undefined as `LookUpPerson` says. */
  readonly own: OwnFacts | 'unreadable' | undefined
  /** The rows that have the person as a member, and all rows that have one of those lists, or one above, as a member. */
  readonly edges: readonly AccessListMember[]
  /**
   * Every list of those rows, and every list that names the person, or one of those lists, as an owner. More lists do
   * no harm.
   */
  readonly lists: readonly ListToFlatten[]
}

/** Each by name of the list, in the order of names. */
export interface PersonLists {
  readonly memberships: ReadonlyMap<string, FlatMember>
  readonly ownerships: ReadonlyMap<string, FlatOwner>
  /** Lists that reach the person, who does not count there. */
  readonly notMember: ReadonlyMap<string, Ineligible>
  readonly notOwner: ReadonlyMap<string, Ineligible>
  /** Lists that they were in until time ended the last path. */
  readonly ended: ReadonlySet<string>
  /** The next instant at which one of the rows ends. */
  readonly nextExpiry: Instant | undefined
}

/** What lists say of one person at a moment. Work goes with the rows that are handed in. */
export function listsOfPerson({ name, own, edges, lists }: PersonEdges, at: Moment): PersonLists {
  const within = new Set(edges.map(({ list }) => list))
  const people: LookUpPerson = (asked) => (asked === name ? own : undefined)
  const isNamed = ({ kind, name: owner }: ListOwner) => kind === 'user' && owner === name
  const isOwning = ({ kind, name: owner }: ListOwner) => kind === 'list' && within.has(owner)
  // Other people's ownership is not asked about.
  const reached = lists.flatMap((list) => {
    const { owners } = list
    if (owners === undefined) return within.has(list.name) ? [list] : []
    if (!within.has(list.name) && !owners.some(isOwning)) return []
    return [{ ...list, owners: owners.filter((owner) => isNamed(owner) || isOwning(owner)) }]
  })
  const rows = edges.filter(({ kind, name: member }) => kind === 'list' || member === name)
  const flat = flattenLists(reached, rows, people, at)
  const memberships = new Map<string, FlatMember>()
  const ownerships = new Map<string, FlatOwner>()
  const notMember = new Map<string, Ineligible>()
  const notOwner = new Map<string, Ineligible>()
  const ended = new Set<string>()
  for (const { name: list, owners, ownershipRequires } of [...lists].sort(byName)) {
    const of = flat.lists.get(list)
    if (of !== undefined) {
      copy(of.users, name, memberships, list)
      copy(of.owners, name, ownerships, list)
      copy(of.ineligible, name, notMember, list)
      copy(of.ineligibleOwners, name, notOwner, list)
      if (of.ended.has(name)) ended.add(list)
    } else if (owners?.some(isNamed) === true) {
      // Somebody may own thousands of lists that no row leads to: each is a look at the person, and nothing to flatten.
      const why = judgeOwner(ownershipRequires, people, name)
      if (why === undefined) ownerships.set(list, { path: [list] })
      else notOwner.set(list, { path: [list], asks: list, why })
    }
  }
  return { memberships, ownerships, notMember, notOwner, ended, nextExpiry: flat.nextExpiry }
}

function byName(a: ListToFlatten, b: ListToFlatten): number {
  if (a.name === b.name) return 0
  return a.name < b.name ? -1 : 1
}

function copy<T>(of: ReadonlyMap<string, T>, name: string, to: Map<string, T>, list: string): void {
  const found = of.get(name)
  if (found !== undefined) to.set(list, found)
}
