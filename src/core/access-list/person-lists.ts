/**
 * @module The lists that one person is in or owns, from the rows above them alone: what a sign-in asks, without
 * flattening everything. The answer is that of `flattenLists`, list by list.
 */
import type { Instant } from '../time.js'
import type { AccessListMember } from './access-list.js'
import {
  flattenLists,
  type FlatMember,
  type FlatOwner,
  type Ineligible,
  type ListToFlatten,
} from './flatten.js'
import type { OwnFacts } from './judge-person.js'

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

/** What lists say of one person at `now`. Work goes with the rows that are handed in. */
export function listsOfPerson({ name, own, edges, lists }: PersonEdges, now: Instant): PersonLists {
  const within = new Set(edges.map(({ list }) => list))
  const concerned = lists.map((list) => {
    const { owners } = list
    if (owners === undefined) return list
    // Other people's ownership is not asked about.
    return {
      ...list,
      owners: owners.filter((owner) =>
        owner.kind === 'user' ? owner.name === name : within.has(owner.name),
      ),
    }
  })
  const rows = edges.filter(({ kind, name: member }) => kind === 'list' || member === name)
  const flat = flattenLists(concerned, rows, (asked) => (asked === name ? own : undefined), now)
  const memberships = new Map<string, FlatMember>()
  const ownerships = new Map<string, FlatOwner>()
  const notMember = new Map<string, Ineligible>()
  const notOwner = new Map<string, Ineligible>()
  const ended = new Set<string>()
  for (const [list, of] of flat.lists) {
    copy(of.users, name, memberships, list)
    copy(of.owners, name, ownerships, list)
    copy(of.ineligible, name, notMember, list)
    copy(of.ineligibleOwners, name, notOwner, list)
    if (of.ended.has(name)) ended.add(list)
  }
  return { memberships, ownerships, notMember, notOwner, ended, nextExpiry: flat.nextExpiry }
}

function copy<T>(of: ReadonlyMap<string, T>, name: string, to: Map<string, T>, list: string): void {
  const found = of.get(name)
  if (found !== undefined) to.set(list, found)
}
