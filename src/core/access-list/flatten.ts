/**
 * @module Who is in an access list and who owns it, through lists within lists too, with the way in which each person is
 * reached. A person counts by a path of memberships that have not ended where they meet what every list on it asks,
 * by themselves. Lists that contain each other are one circle of people, not an error. Looks at no lock: a locked user
 * keeps their memberships, and whoever uses the answer gives them nothing.
 */
import type { Instant } from '../time.js'
import type { AccessList, AccessListMember } from './access-list.js'
import { findWays, type Place, type Ways } from './frozen-paths.js'
import { judgeOwner, judgePerson, type LookUpPerson, type WhyNot } from './judge-person.js'
import { frozenSince, type OverduePolicy } from './review-schedule.js'

/** An access list, or the name alone of one that cannot be read: its rows are known, and what it asks is not. */
export type ListToFlatten = Pick<AccessList, 'name'> &
  Partial<Pick<AccessList, 'owners' | 'membershipRequires' | 'ownershipRequires' | 'review'>>

export interface FlatMember {
  /** From the list itself to the one that has the person as a member: one name for a direct member. */
  readonly path: readonly string[]
  /** As the membership says; see `AccessListMember`. */
  readonly awsUserId: string | undefined
}

export interface FlatOwner {
  /** The list itself, then, for who owns it by a list that owns it, from that list to the one that has the person. */
  readonly path: readonly string[]
}

/** Somebody who is reached and does not count. */
export interface Ineligible {
  readonly path: readonly string[]
  /** The list on the path that asks for what the person lacks. */
  readonly asks: string
  readonly why: WhyNot
}

export interface FlatList {
  /** By name of the user, in the order of names. */
  readonly users: ReadonlyMap<string, FlatMember>
  /** Names of users who were in the list until time ended the last path to them. */
  readonly ended: ReadonlySet<string>
  /** Who is reached by memberships in force and does not count by any path; in the order of names. */
  readonly ineligible: ReadonlyMap<string, Ineligible>
  /** Users who own it, in the order of names. */
  readonly owners: ReadonlyMap<string, FlatOwner>
  readonly ineligibleOwners: ReadonlyMap<string, Ineligible>
  /** Who owned it until time ended the last membership by which they did. */
  readonly endedOwners: ReadonlySet<string>
}

export interface Moment {
  readonly now: Instant
  /** What comes of overdue reviews where lists say nothing themselves. */
  readonly whenOverdue: OverduePolicy | undefined
}

export interface FlatLists {
  /** By name of the list, readable or not: of an unreadable one its members are still known. */
  readonly lists: ReadonlyMap<string, FlatList>
  /** The next instant at which a membership ends. */
  readonly nextExpiry: Instant | undefined
  /** How many times a person was looked at in a list: what the work goes with. */
  readonly steps: number
}

/**
 * The people of every list at `now`; of several paths to one person the shortest, then the first by name. `people`
 * knows the own roles and traits of users. Whoever came into a list within a frozen one since does not count in that one. The order of lists and members never matters; rows of lists that are not
 * among `lists` count for nothing.
 */
export function flattenLists(
  lists: readonly ListToFlatten[],
  members: readonly AccessListMember[],
  people: LookUpPerson,
  { now, whenOverdue }: Moment,
): FlatLists {
  const names = new Map(lists.map((list) => [list.name, list]))
  const rows = members.filter(({ list }) => names.has(list)).sort(byPlace)
  const open = rows.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
  const frozen = findFrozen(lists, { now, whenOverdue })
  const current = new Spread(names, findWays(names, open, frozen), people)
  const ever =
    open.length === rows.length ? undefined : new Spread(names, findWays(names, rows, frozen), people)
  const flat = new Map<string, FlatList>()
  let { steps } = current
  if (ever !== undefined) steps += ever.steps
  for (const name of [...names.keys()].sort()) {
    const users = sorted(current.counting.get(name))
    const ineligible = sorted(current.failing.get(name))
    const list = names.get(name) ?? { name }
    const { owners, ineligibleOwners } = listOwners(list, current, people)
    steps += owners.size + ineligibleOwners.size
    const of = { users, ineligible, owners, ineligibleOwners }
    if (ever === undefined) flat.set(name, { ...of, ended: none, endedOwners: none })
    else {
      const owned = listOwners(list, ever, people)
      flat.set(name, {
        ...of,
        ended: missing(ever.counting.get(name), ever.failing.get(name), users, ineligible),
        endedOwners: missing(owned.owners, owned.ineligibleOwners, owners, ineligibleOwners),
      })
    }
  }
  const ends = open.flatMap(({ expiresAt }) => expiresAt ?? [])
  const nextExpiry = ends.reduce<Instant | undefined>((next, at) => Math.min(next ?? at, at), undefined)
  return { lists: flat, nextExpiry, steps }
}

const none: ReadonlySet<string> = new Set()

function findFrozen(lists: readonly ListToFlatten[], { now, whenOverdue }: Moment): Map<string, Instant> {
  const frozen = new Map<string, Instant>()
  for (const { name, review } of lists) {
    const since = review && frozenSince({ review, preference: whenOverdue }, now)
    if (since !== undefined) frozen.set(name, since)
  }
  return frozen
}

/**
 * People spread from the lists that have them to the lists above, all by one step at a time, so that the first path to
 * arrive is a shortest one. A person enters a list once, or fails there once: that bounds the work on any graph.
 */
class Spread {
  /** By place: of a frozen list those below it as they stood, too. */
  readonly counting = new Map<Place, Map<string, FlatMember>>()
  readonly failing = new Map<string, Map<string, Ineligible>>()
  steps = 0
  readonly #lists: ReadonlyMap<string, ListToFlatten>
  readonly #ways: Ways
  readonly #people: LookUpPerson
  /** Paths are shared by all who came the same way. */
  readonly #longer = new Map<string, Map<readonly string[], readonly string[]>>()

  constructor(lists: ReadonlyMap<string, ListToFlatten>, ways: Ways, people: LookUpPerson) {
    this.#lists = lists
    this.#ways = ways
    this.#people = people
    // Whom a list itself refuses, with the shortest path on which it does.
    const refused = new Map<Place, Map<string, Ineligible>>()
    let wave = new Map<Place, string[]>()
    for (const [place, { name, awsUserId }] of ways.users) {
      this.#enter(place, name, { path: this.#extend(place, start), awsUserId }, refused, wave)
    }
    while (wave.size > 0) {
      const next = new Map<Place, string[]>()
      // By name, so that of two paths of one length the first by name is there first.
      for (const place of [...wave.keys()].sort()) {
        const members = this.counting.get(place)
        for (const above of ways.above.get(place) ?? []) {
          for (const name of wave.get(place) ?? []) {
            const member = members?.get(name)
            if (member === undefined) continue
            const path = this.#extend(above, member.path)
            this.#enter(above, name, { path, awsUserId: member.awsUserId }, refused, next)
          }
        }
      }
      wave = next
    }
    this.#refuseLate(refused)
    this.#spreadFailures(refused)
  }

  /** Whoever is in a list now, and does not count in the frozen one above it. */
  #refuseLate(refused: Map<Place, Map<string, Ineligible>>): void {
    for (const [below, frozen] of this.#ways.cut) {
      for (const [name, member] of this.counting.get(below) ?? []) {
        if (this.counting.get(frozen)?.has(name) === true) continue
        this.steps += 1
        const path = this.#extend(frozen, member.path)
        const known = refused.get(frozen)?.get(name)
        if (known !== undefined && known.path.length <= path.length) continue
        put(refused, frozen, name, { path, asks: frozen, why: { kind: 'frozen' } })
      }
    }
  }

  #enter(
    place: Place,
    name: string,
    member: FlatMember,
    refused: Map<Place, Map<string, Ineligible>>,
    wave: Map<Place, string[]>,
  ): void {
    this.steps += 1
    if (this.counting.get(place)?.has(name) === true || refused.get(place)?.has(name) === true) return
    const list = this.#ways.listOf(place)
    const why = judgePerson(this.#lists.get(list)?.membershipRequires, this.#people, name)
    if (why !== undefined) {
      put(refused, place, name, { path: member.path, asks: list, why })
      return
    }
    put(this.counting, place, name, member)
    push(wave, place, name)
  }

  /** Whoever a list refuses is reached by the lists above it too, and counts there only by another path. */
  #spreadFailures(refused: ReadonlyMap<string, ReadonlyMap<string, Ineligible>>): void {
    // By the length of the path, then by list and name: the order of a walk from below.
    const waves: [string, string, Ineligible][][] = []
    for (const [list, people] of refused) {
      // Whoever is refused by a list as it stood is refused by it as it stands.
      if (!this.#lists.has(list)) continue
      for (const [name, ineligible] of people)
        (waves[ineligible.path.length] ??= []).push([list, name, ineligible])
    }
    for (let length = 0; length < waves.length; length += 1) {
      for (const [list, name, ineligible] of (waves[length] ?? []).sort(byListAndName)) {
        this.steps += 1
        if (this.counting.get(list)?.has(name) === true || this.failing.get(list)?.has(name) === true)
          continue
        put(this.failing, list, name, ineligible)
        for (const above of this.#ways.listsAbove.get(list) ?? []) {
          const path = this.#extend(above, ineligible.path)
          ;(waves[length + 1] ??= []).push([above, name, { ...ineligible, path }])
        }
      }
    }
  }

  #extend(place: Place, path: readonly string[]): readonly string[] {
    const list = this.#ways.listOf(place)
    let known = this.#longer.get(list)
    if (known === undefined) this.#longer.set(list, (known = new Map<readonly string[], readonly string[]>()))
    let longer = known.get(path)
    if (longer === undefined) known.set(path, (longer = [list, ...path]))
    return longer
  }
}

const start: readonly string[] = []

function listOwners(
  { name, owners = [], ownershipRequires }: ListToFlatten,
  { counting, failing }: Spread,
  people: LookUpPerson,
): Pick<FlatList, 'owners' | 'ineligibleOwners'> {
  const found = new Map<string, FlatOwner>()
  const not = new Map<string, Ineligible>()
  const consider = (user: string, path: readonly string[]): void => {
    if (found.has(user)) return
    const why = judgeOwner(ownershipRequires, people, user)
    if (why === undefined) {
      found.set(user, { path })
      not.delete(user)
    } else if (!not.has(user)) not.set(user, { path, asks: name, why })
  }
  for (const owner of owners) if (owner.kind === 'user') consider(owner.name, [name])
  // Whoever is named is that first; then the shortest path by a list, then the first by name.
  const owning = owners.filter(({ kind }) => kind === 'list').map((owner) => owner.name)
  for (const [user, { path }] of owning.flatMap((list) => [...(counting.get(list) ?? [])]).sort(byPath)) {
    consider(user, [name, ...path])
  }
  for (const [user, member] of owning.flatMap((list) => [...(failing.get(list) ?? [])]).sort(byPath)) {
    if (!found.has(user) && !not.has(user)) not.set(user, { ...member, path: [name, ...member.path] })
  }
  return { owners: sorted(found), ineligibleOwners: sorted(not) }
}

type People = ReadonlyMap<string, unknown>

/** Those who would count but for time, and those whom no membership in force reaches any more. */
function missing(
  everCounting: People | undefined,
  everFailing: People | undefined,
  counting: People,
  failing: People,
): ReadonlySet<string> {
  const ended = new Set<string>()
  for (const user of everCounting?.keys() ?? []) if (!counting.has(user)) ended.add(user)
  for (const user of everFailing?.keys() ?? []) {
    if (!counting.has(user) && !failing.has(user)) ended.add(user)
  }
  return ended
}

/** People come by the order of rows, so most are in the order of names already. */
function sorted<T>(people: ReadonlyMap<string, T> = new Map()): ReadonlyMap<string, T> {
  let last = ''
  for (const name of people.keys()) {
    if (name < last) return new Map([...people].sort(([a], [b]) => compare(a, b)))
    last = name
  }
  return people
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const of = lists.get(key)
  if (of === undefined) lists.set(key, [value])
  else of.push(value)
}

function put<T>(lists: Map<string, Map<string, T>>, list: string, name: string, value: T): void {
  const of = lists.get(list)
  if (of === undefined) lists.set(list, new Map([[name, value]]))
  else of.set(name, value)
}

function byPlace(a: AccessListMember, b: AccessListMember): number {
  return compare(a.list, b.list) || compare(a.kind, b.kind) || compare(a.name, b.name)
}

function byListAndName(a: readonly [string, string, unknown], b: readonly [string, string, unknown]): number {
  return compare(a[0], b[0]) || compare(a[1], b[1])
}

interface Reached {
  readonly path: readonly string[]
}

/** The shortest, then the first by name. */
function byPath(
  [, { path: a }]: readonly [string, Reached],
  [, { path: b }]: readonly [string, Reached],
): number {
  if (a === b) return 0
  const different = a.findIndex((list, at) => list !== b[at])
  return a.length - b.length || (different < 0 ? 0 : compare(a[different] ?? '', b[different] ?? ''))
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
