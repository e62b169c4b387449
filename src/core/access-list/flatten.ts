/**
 * @module Who is in an access list, through lists within lists too, with the way in which each person is reached.
 * Memberships that have ended count for nothing. Lists that contain each other are one circle of people, not an error.
 */
import type { Instant } from '../time.js'
import type { AccessList, AccessListMember } from './access-list.js'

export interface FlatMember {
  /** From the list itself to the one that has the person as a member: one name for a direct member. */
  readonly path: readonly string[]
  /** As the membership says; see `AccessListMember`. */
  readonly awsUserId: string | undefined
}

export interface FlatList {
  /** By name of the user, in the order of names. */
  readonly users: ReadonlyMap<string, FlatMember>
  /** Names of users who were in the list until time ended the last path to them. */
  readonly ended: ReadonlySet<string>
}

export interface FlatLists {
  /** By name of the list, readable or not: of an unreadable one its members are still known. */
  readonly lists: ReadonlyMap<string, FlatList>
  /** The next instant at which a membership ends. */
  readonly nextExpiry: Instant | undefined
}

interface DirectMembers {
  readonly users: AccessListMember[]
  readonly lists: AccessListMember[]
}

/** The people of every list at `now`; of several paths to one person the shortest, then the first by name. */
export function flattenLists(
  lists: readonly Pick<AccessList, 'name'>[],
  members: readonly AccessListMember[],
  now: Instant,
): FlatLists {
  const direct = new Map<string, DirectMembers>(lists.map(({ name }) => [name, { users: [], lists: [] }]))
  let nextExpiry: Instant | undefined
  let someEnded = false
  for (const member of members) {
    const of = direct.get(member.list)
    if (of === undefined) continue
    of[member.kind === 'user' ? 'users' : 'lists'].push(member)
    const { expiresAt } = member
    if (expiresAt === undefined) continue
    if (expiresAt <= now) someEnded = true
    else nextExpiry = Math.min(nextExpiry ?? expiresAt, expiresAt)
  }
  for (const of of direct.values()) {
    of.users.sort(byName)
    of.lists.sort(byName)
  }
  const flat = new Map<string, FlatList>()
  for (const name of [...direct.keys()].sort()) {
    const users = reach(name, direct, (member) => !hasEnded(member, now))
    flat.set(name, { users, ended: someEnded ? endedMembers(name, users, direct) : none })
  }
  return { lists: flat, nextExpiry }
}

const none: ReadonlySet<string> = new Set()

function hasEnded({ expiresAt }: AccessListMember, now: Instant): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

function byName(a: AccessListMember, b: AccessListMember): number {
  if (a.name === b.name) return 0
  return a.name < b.name ? -1 : 1
}

/** Breadth first, so that the first path to a person is a shortest one; each list is looked at once. */
function reach(
  start: string,
  direct: ReadonlyMap<string, DirectMembers>,
  counts: (member: AccessListMember) => boolean,
): Map<string, FlatMember> {
  const found = new Map<string, FlatMember>()
  const paths: (readonly string[])[] = [[start]]
  const seen = new Set([start])
  for (const path of paths) {
    const of = direct.get(path.at(-1) ?? '')
    for (const member of of?.users ?? []) {
      if (counts(member) && !found.has(member.name)) {
        found.set(member.name, { path, awsUserId: member.awsUserId })
      }
    }
    for (const member of of?.lists ?? []) {
      if (!counts(member) || seen.has(member.name)) continue
      seen.add(member.name)
      paths.push([...path, member.name])
    }
  }
  if (paths.length === 1) return found
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function endedMembers(
  name: string,
  users: ReadonlyMap<string, FlatMember>,
  direct: ReadonlyMap<string, DirectMembers>,
): ReadonlySet<string> {
  const ended = new Set<string>()
  for (const user of reach(name, direct, () => true).keys()) if (!users.has(user)) ended.add(user)
  return ended
}
