/**
 * @module Groups and their members: those of AWS Control Tower, of the whole company, of each team, and one for each of
 * many pairs of account and permission set. Sizes fall off as they do in companies (Zipf): few large, many tiny.
 */
import type { Prng } from '../prng.js'
import type { PlannedAccount } from './plan-accounts.js'
import type { PlannedUser } from './plan-people.js'
import type { PlannedSet } from './plan-permission-sets.js'
import { controlTowerGroups } from './control-tower.js'
import { groupBy } from './group-by.js'
import type { Team } from './teams.js'
import { companyGroups, teamRoles } from './words.js'

/** What a group is for; its assignments follow from it. */
export type Purpose =
  | { readonly kind: 'control-tower' | 'company' | 'project' }
  | { readonly kind: 'team'; readonly team: Team; readonly role: string }
  | { readonly kind: 'pair'; readonly account: PlannedAccount; readonly set: PlannedSet }

export interface PlannedGroup {
  readonly id: string
  readonly displayName: string
  readonly externalId: string | undefined
  readonly members: readonly string[]
  readonly purpose: Purpose
}

/** In companies that have as many people, one group has this many members. */
const largestGroup = 5000
/** The second largest has at most this many, and each one after it fewer. */
const secondLargest = 1500
const fallOff = 0.7
const emptyShare = 0.02
const teamShare = 0.4
/** AWS provisions at most 500 permission sets in an account; the other groups use some of them. */
const pairsPerAccount = 300

export interface GroupSources {
  readonly accounts: readonly PlannedAccount[]
  readonly permissionSets: readonly PlannedSet[]
  readonly people: readonly PlannedUser[]
  readonly teams: readonly Team[]
}

export function planGroups(count: number, sources: GroupSources, prng: Prng): readonly PlannedGroup[] {
  const pool = sources.people.filter((user) => user.isInGroups)
  const ofTeam = groupBy(pool, (user) => user.team)
  const second = Math.min(pool.length * 0.3, secondLargest)
  let rank = 0
  return nameGroups(count, sources, prng).map(({ displayName, purpose }, index) => {
    const isControlTower = purpose.kind === 'control-tower'
    const size = isControlTower
      ? 1 + prng.below(5)
      : index === 0
        ? Math.min(largestGroup, pool.length)
        : prng.chance(emptyShare)
          ? 0
          : Math.max(1, Math.round(second / (++rank) ** fallOff))
    const colleagues = ofTeam.get(teamOf(purpose)) ?? []
    const members = prng.sample(colleagues.length >= size ? colleagues : pool, size)
    return {
      id: prng.principalId(),
      displayName,
      externalId: isControlTower ? undefined : prng.hex(20),
      members: members.map((user) => user.userName),
      purpose,
    }
  })
}

type NamedGroup = Pick<PlannedGroup, 'displayName' | 'purpose'>

/** The largest group of all comes first. */
function nameGroups(count: number, sources: GroupSources, prng: Prng): readonly NamedGroup[] {
  const [everybody = 'all-employees', ...company] = companyGroups
  const named: NamedGroup[] = [
    { displayName: everybody, purpose: { kind: 'company' } },
    ...controlTowerGroups.map(({ name }): NamedGroup => ({
      displayName: name,
      purpose: { kind: 'control-tower' },
    })),
    ...company.map((displayName): NamedGroup => ({ displayName, purpose: { kind: 'company' } })),
  ]
  named.push(...teamGroups(Math.floor(Math.max(0, count - named.length) * teamShare), sources.teams))
  named.push(...pairGroups(Math.max(0, count - named.length), sources, prng))
  for (let number = 1; named.length < count; number++) {
    const displayName = `project-${String(number).padStart(4, '0')}`
    named.push({ displayName, purpose: { kind: 'project' } })
  }
  return named.slice(0, count)
}

function teamGroups(count: number, teams: readonly Team[]): readonly NamedGroup[] {
  return teams
    .slice(0, Math.ceil(count / teamRoles.length))
    .flatMap((team) =>
      teamRoles.map((role): NamedGroup => ({
        displayName: `${team.name}-${role}`,
        purpose: { kind: 'team', team, role },
      })),
    )
    .slice(0, count)
}

/** One pair of each account, then a second one of each, and so on: sets of its team and those that are nobody's. */
function pairGroups(count: number, sources: GroupSources, prng: Prng): readonly NamedGroup[] {
  const ofTeam = groupBy(sources.permissionSets, (set) => set.team)
  const choices = sources.accounts
    .filter((account) => account.environment !== 'closed')
    .map((account) => {
      const own = account.team === undefined ? [] : (ofTeam.get(account.team.name) ?? [])
      const sets = [...own, ...(ofTeam.get(undefined) ?? [])]
      return { account, sets, first: prng.below(Math.max(1, sets.length)) }
    })
  const named: NamedGroup[] = []
  for (let turn = 0; turn < pairsPerAccount && named.length < count; turn++) {
    for (const { account, sets, first } of choices) {
      const set = turn < sets.length ? sets[(first + turn) % sets.length] : undefined
      if (set === undefined || named.length === count) continue
      named.push({ displayName: `aws-${account.name}-${set.name}`, purpose: { kind: 'pair', account, set } })
    }
  }
  return named
}

function teamOf(purpose: Purpose): string | undefined {
  switch (purpose.kind) {
    case 'team':
      return purpose.team.name
    case 'pair':
      return purpose.account.team?.name
    case 'control-tower':
    case 'company':
    case 'project':
      return undefined
  }
}
