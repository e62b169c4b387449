/**
 * @module What people have no more in Identity Center who leave lists, or own them no more: the groups that they leave
 * and the access that nothing else gives them. Asked before the change, of what is desired without it. What a denial
 * takes away as long as somebody is in a list is not given back by this.
 */
import type { GrantReason, PairKey } from '../identity-center/observation.js'
import type { Desired } from './desired.js'

/** Names of users by list. */
export interface Departures {
  readonly members: ReadonlyMap<string, ReadonlySet<string>>
  readonly owners: ReadonlyMap<string, ReadonlySet<string>>
}

export interface Loss {
  readonly pair: PairKey
  /** The lists that gave it, by name. */
  readonly lists: readonly string[]
}

export interface Leaving {
  /** In the order of the lists' names; each group that somebody leaves. */
  readonly groups: readonly { readonly list: string; readonly people: readonly string[] }[]
  /** By name, everybody whose access was looked at; `loses` is empty where other lists or roles give all of it. */
  readonly people: readonly { readonly name: string; readonly loses: readonly Loss[] }[]
}

/** Of each person the pairs that lists which they leave gave them, with those lists. */
type Given = Map<string, Map<PairKey, Set<string>>>

export function findLeaving(desired: Desired, departures: Departures): Leaving {
  const groups: { list: string; people: string[] }[] = []
  const given: Given = new Map()
  for (const [list, names] of [...departures.members].sort(byKey)) {
    const group = desired.groups.get(list)
    if (group === undefined) continue
    const people = group.members.flatMap(({ name }) => (names.has(name) ? [name] : []))
    if (people.length > 0) groups.push({ list, people })
    for (const name of people) for (const pair of group.pairs.keys()) give(given, name, pair, list)
  }
  for (const [name, pairs] of desired.userPairs) {
    for (const [pair, reasons] of pairs) {
      for (const reason of reasons) {
        const list = endingList(reason, name, departures)
        if (list !== undefined) give(given, name, pair, list)
      }
    }
  }
  const kept = keptByGroups(desired.groups, given, departures)
  const people = [...given].sort(byKey).map(([name, pairs]) => {
    const direct = desired.userPairs.get(name)
    const stays = (pair: PairKey) =>
      kept.get(name)?.has(pair) === true ||
      direct?.get(pair)?.some((reason) => endingList(reason, name, departures) === undefined) === true
    const loses = [...pairs]
      .sort(byKey)
      .flatMap(([pair, lists]) => (stays(pair) ? [] : [{ pair, lists: [...lists].sort() }]))
    return { name, loses }
  })
  return { groups, people }
}

/** What other groups go on giving those people. */
function keptByGroups(
  groups: Desired['groups'],
  people: ReadonlyMap<string, unknown>,
  { members }: Departures,
): Map<string, Set<PairKey>> {
  const kept = new Map<string, Set<PairKey>>()
  for (const [list, group] of groups) {
    for (const { name } of group.members) {
      if (!people.has(name) || members.get(list)?.has(name) === true) continue
      const of = kept.get(name) ?? new Set<PairKey>()
      for (const pair of group.pairs.keys()) of.add(pair)
      kept.set(name, of)
    }
  }
  return kept
}

/** The list that a reason for a direct assignment comes from, where the person leaves it or owns it no more. */
function endingList(reason: GrantReason, name: string, { members, owners }: Departures): string | undefined {
  switch (reason.kind) {
    case 'list':
    case 'list_member':
      return members.get(reason.list)?.has(name) === true ? reason.list : undefined
    case 'list_owner':
      return owners.get(reason.list)?.has(name) === true ? reason.list : undefined
    default:
      return undefined
  }
}

function give(given: Given, name: string, pair: PairKey, list: string): void {
  const pairs = given.get(name) ?? new Map<PairKey, Set<string>>()
  const lists = pairs.get(pair) ?? new Set<string>()
  lists.add(list)
  pairs.set(pair, lists)
  given.set(name, pairs)
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1
}
