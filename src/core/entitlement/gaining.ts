/**
 * @module What people get in Identity Center when they leave lists: a role that denies, or is locked, takes away while
 * somebody has it by a list, and gives back when it goes with the list. Two desired states of those people alone, with
 * the members of now and with those who stay.
 */
import type { AccessList } from '../access-list/access-list.js'
import { memberKey, type MemberKey } from '../access-list/review.js'
import type { GrantReason, PairKey } from '../identity-center/observation.js'
import { buildDesired } from './build-desired.js'
import type { Desired } from './desired.js'
import type { DesiredInput } from './input.js'
import type { Departures } from './leaving.js'
import { RoleAccess } from './role-access.js'

/** What is done to one list, and who leaves which lists, or owns them no more, by it. */
export interface Leave {
  readonly removed: readonly MemberKey[]
  /** The list as it will ask. */
  readonly after: AccessList
  readonly departures: Departures
}

export interface Gaining {
  readonly name: string
  /** By pair, with what gives it then; never empty. */
  readonly gains: readonly { readonly pair: PairKey; readonly reasons: readonly GrantReason[] }[]
}

/** Everybody who gets something by it, by name. Most lists take nothing away: then nothing is worked out. */
export function findGaining(input: DesiredInput, { removed, after, departures }: Leave): Gaining[] {
  const names = peopleHeldBack(input, departures)
  if (names.size === 0) return []
  const now = concerning(input, names)
  const gone = new Set(removed.map(memberKey))
  const before = buildDesired(now)
  const then = buildDesired({
    ...now,
    lists: now.lists.map((list) => (nameOf(list) === after.name ? after : list)),
    members: now.members.filter((row) => row.list !== after.name || !gone.has(memberKey(row))),
  })
  const had = pairsByPerson(before, names)
  const has = pairsByPerson(then, names)
  return [...names].sort().flatMap((name) => {
    const pairs = [...(has.get(name) ?? [])].filter(([pair]) => had.get(name)?.has(pair) !== true)
    const gains = pairs.sort(byKey).map(([pair, reasons]) => ({ pair, reasons }))
    return gains.length === 0 ? [] : [{ name, gains }]
  })
}

/** Those who leave a list by which a role that denies, or is locked, is theirs. */
function peopleHeldBack(input: DesiredInput, { members, owners }: Departures): Set<string> {
  const roles = new RoleAccess(input)
  const holdsBack = (names: readonly string[]) =>
    roles.denying(names).length > 0 || names.some((name) => input.lockedRoles?.has(name) === true)
  const found = new Set<string>()
  for (const list of input.lists) {
    if ('unreadable' in list) continue
    const sides = [
      [members.get(list.name), list.grants.roles],
      [owners.get(list.name), list.ownerGrants.roles],
    ] as const
    for (const [people, granted] of sides) {
      if (people !== undefined && holdsBack(granted)) for (const name of people) found.add(name)
    }
  }
  return found
}

/** These people, and the lists that have them or that they own, by other lists too: the work goes with them, not with all lists. */
function concerning(input: DesiredInput, names: ReadonlySet<string>): DesiredInput {
  const above = new Map<string, string[]>()
  const within = new Set<string>()
  for (const { list, kind, name } of input.members) {
    if (kind === 'list') above.set(name, [...(above.get(name) ?? []), list])
    else if (names.has(name)) within.add(list)
  }
  // A Set is walked in the order of insertion, those that are added on the way included.
  for (const list of within) for (const outer of above.get(list) ?? []) within.add(outer)
  const isConcerned = (list: DesiredInput['lists'][number]) =>
    within.has(nameOf(list)) ||
    (!('unreadable' in list) &&
      list.owners.some(({ kind, name }) => (kind === 'user' ? names : within).has(name)))
  return {
    ...input,
    users: input.users.filter(({ name }) => names.has(name)),
    lists: input.lists.filter(isConcerned),
    members: input.members.filter(
      ({ list, kind, name }) => within.has(list) && (kind === 'list' || names.has(name)),
    ),
  }
}

function nameOf(list: DesiredInput['lists'][number]): string {
  return 'unreadable' in list ? list.unreadable : list.name
}

/** What each has in accounts, by groups and singly; whoever is locked is in neither. */
function pairsByPerson(
  { groups, userPairs }: Desired,
  names: ReadonlySet<string>,
): Map<string, Map<PairKey, readonly GrantReason[]>> {
  const found = new Map<string, Map<PairKey, readonly GrantReason[]>>()
  const add = (name: string, pairs: ReadonlyMap<PairKey, readonly GrantReason[]>): void => {
    const of = found.get(name) ?? new Map<PairKey, readonly GrantReason[]>()
    for (const [pair, reasons] of pairs) of.set(pair, [...(of.get(pair) ?? []), ...reasons])
    found.set(name, of)
  }
  for (const { members, pairs } of groups.values()) {
    for (const { name } of members) if (names.has(name)) add(name, pairs)
  }
  for (const [name, pairs] of userPairs) add(name, pairs)
  return found
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1
}
