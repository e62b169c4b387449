/**
 * @module Which groups of Identity Center become access lists, under which names, and why others do not. A group whose
 * members or assignments were not read to the end is left out rather than taken over with less than it has.
 */
import { matchesFilters } from '../identity-center/filter.js'
import {
  principalKey,
  splitPairKey,
  type ObservedGroup,
  type PairKey,
} from '../identity-center/observation.js'
import { compareText } from '../inventory/inventory-index.js'
import type { ImportFacts } from './facts.js'
import { nameLists } from './list-names.js'

export interface ChosenGroup {
  readonly group: ObservedGroup
  /** Name of the access list; undefined for a group that is left out. */
  readonly list: string | undefined
  /** Why it is left out: by the filters, or because what was read of it is not whole. */
  readonly obstacle: Obstacle | undefined
  /** Ids of its users, sorted. */
  readonly memberIds: readonly string[]
  /** Its assignments in accounts that the filters let in, sorted. */
  readonly pairs: readonly PairKey[]
  /** Its assignments in other accounts: they stay in AWS and nobody here touches them. */
  readonly otherPairs: readonly PairKey[]
}

export interface Obstacle {
  readonly kind: 'filter' | 'unusable' | 'unread'
  readonly says: string
}

/** Every group that was seen, by display name, then id. */
export function chooseGroups(facts: ImportFacts): ChosenGroup[] {
  const groups = [...(facts.observation.groups?.values() ?? [])].sort(
    (a, b) => compareText(a.displayName, b.displayName) || compareText(a.id, b.id),
  )
  const obstacles = new Map(groups.map((group) => [group.id, findObstacle(facts, group)]))
  const imported = groups.filter(({ id }) => obstacles.get(id) === undefined)
  const names = nameLists(imported, listsByGroup(facts), new Set(facts.takenNames))
  const hasAccount = accountFilter(facts)
  return groups.map((group) => {
    const pairs = sorted(facts.observation.assignments.get(principalKey('group', group.id)))
    const obstacle = obstacles.get(group.id)
    return {
      group,
      list: obstacle === undefined ? names.get(group.id) : undefined,
      obstacle,
      memberIds: sorted(facts.observation.members.get(group.id)),
      pairs: pairs.filter((pair) => hasAccount(splitPairKey(pair).accountId)),
      otherPairs: pairs.filter((pair) => !hasAccount(splitPairKey(pair).accountId)),
    }
  })
}

/** Names of the lists that groups have already, by group id: the bonds whose list is still there. */
export function listsByGroup({ links, takenNames }: ImportFacts): ReadonlyMap<string, string> {
  const there = new Set(takenNames)
  return new Map(
    links.flatMap(({ kind, name, awsId }) => (kind === 'group' && there.has(name) ? [[awsId, name]] : [])),
  )
}

/** Whether an account is one that the filters let in. An account that was not seen is judged by its id alone. */
export function accountFilter({ settings, accounts }: ImportFacts): (accountId: string) => boolean {
  const names = new Map(accounts.map(({ id, name }) => [id, name]))
  const known = new Map<string, boolean>()
  return (id) => {
    const before = known.get(id)
    if (before !== undefined) return before
    const passes = matchesFilters(settings.accountFilters, { id, name: names.get(id) ?? '' })
    known.set(id, passes)
    return passes
  }
}

function findObstacle(
  { settings, observation }: ImportFacts,
  { id, displayName }: ObservedGroup,
): Obstacle | undefined {
  if (!matchesFilters(settings.groupFilters, { id, name: displayName })) {
    return { kind: 'filter', says: 'Left out by the group filters; it stays as it is in AWS.' }
  }
  if (!titleForm.test(displayName) || displayName.trim() === '') {
    const says =
      'Its name has characters that the title of an access list cannot have (line breaks, tabs, invisible ones); rename it in AWS.'
    return { kind: 'unusable', says }
  }
  const unread = (what: string): Obstacle => ({
    kind: 'unread',
    says: `Its ${what} were not read yet; look at AWS again.`,
  })
  if (!observation.members.has(id)) return unread('members')
  if (!observation.assignments.has(principalKey('group', id))) return unread('assignments')
  return undefined
}

/** What the title of an access list may hold: one line that people can read. */
const titleForm = /^[\p{L}\p{M}\p{S}\p{N}\p{P}\u0020\u3000]{1,1024}$/u

function sorted(values: ReadonlySet<string> | undefined): string[] {
  return [...(values ?? [])].sort(compareText)
}
