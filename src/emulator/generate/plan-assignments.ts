/**
 * @module Who holds what where: by groups, as their purpose says, and for a few people directly.
 */
import type { Prng } from '../prng.js'
import { controlTowerGroups, isWhere } from './control-tower.js'
import { groupBy } from './group-by.js'
import type { Environment, PlannedAccount } from './plan-accounts.js'
import type { PlannedGroup } from './plan-groups.js'
import type { PlannedUser } from './plan-people.js'
import type { PlannedSet } from './plan-permission-sets.js'

export interface PlannedAssignment {
  readonly group?: string
  readonly user?: string
  readonly accounts: string[]
  readonly permissionSets: string[]
}

/** Environments by group and permission set; the groups that are not here hold nothing. */
const companyRights: Readonly<Record<string, readonly (readonly [set: string, ...Environment[]])[]>> = {
  engineering: [['ViewOnly', 'dev', 'sandbox']],
  operations: [['SystemAdministrator', 'shared', 'prod']],
  'on-call': [['SupportUser', 'prod']],
  support: [['LogReader', 'prod', 'staging']],
  security: [['SecurityAudit', 'shared', 'prod', 'staging', 'dev', 'sandbox']],
  finance: [['Billing', 'shared']],
  architecture: [['AWSReadOnlyAccess', 'prod', 'staging']],
  contractors: [['Contractor', 'dev']],
}

const teamRights: Readonly<Record<string, readonly (readonly [set: string, ...Environment[]])[]>> = {
  developers: [
    ['AWSPowerUserAccess', 'dev', 'staging'],
    ['AWSReadOnlyAccess', 'prod'],
  ],
  readers: [['AWSReadOnlyAccess', 'dev', 'staging', 'prod']],
  oncall: [['IncidentResponder', 'prod']],
  leads: [['AWSAdministratorAccess', 'dev']],
  deployers: [['Deployer', 'staging', 'prod']],
}

const directShare = 0.005

export interface AssignmentSources {
  readonly accounts: readonly PlannedAccount[]
  readonly permissionSets: readonly PlannedSet[]
  readonly people: readonly PlannedUser[]
  readonly groups: readonly PlannedGroup[]
}

export function planAssignments(sources: AssignmentSources, prng: Prng): readonly PlannedAssignment[] {
  const open = sources.accounts.filter((account) => account.environment !== 'closed')
  const ofTeam = groupBy(open, (account) => account.team?.name)
  const setsOfTeam = groupBy(sources.permissionSets, (set) => set.team)
  const names = new Set(sources.permissionSets.map((set) => set.name))
  const lines = sources.groups.flatMap(({ displayName, purpose }): PlannedAssignment[] => {
    const line = (accounts: readonly PlannedAccount[], ...sets: string[]): PlannedAssignment => ({
      group: displayName,
      accounts: accounts.map((account) => account.name),
      permissionSets: sets.filter((set) => names.has(set)),
    })
    const within = (accounts: readonly PlannedAccount[], environments: readonly Environment[]) =>
      accounts.filter((account) => environments.includes(account.environment))
    switch (purpose.kind) {
      case 'project':
        return []
      case 'pair':
        return [line([purpose.account], purpose.set.name)]
      case 'control-tower': {
        const group = controlTowerGroups.find(({ name }) => name === displayName)
        return (group?.holds ?? []).map(([set, where]) =>
          line(
            open.filter((account) => isWhere(account, where)),
            set,
          ),
        )
      }
      case 'company':
        return (companyRights[displayName] ?? []).map(([set, ...environments]) =>
          line(within(open, environments), set),
        )
      case 'team': {
        const accounts = ofTeam.get(purpose.team.name) ?? []
        const own = (setsOfTeam.get(purpose.team.name) ?? []).map((set) => set.name)
        const common = (teamRights[purpose.role] ?? []).map(([set, ...environments]) =>
          line(within(accounts, environments), set),
        )
        return purpose.role === 'developers' ? [...common, line(accounts, ...own)] : common
      }
    }
  })
  lines.push(...planDirect(sources.people, open, sources.permissionSets, prng))
  return lines.filter((line) => line.accounts.length > 0 && line.permissionSets.length > 0)
}

/** What somebody once gave by hand. */
function planDirect(
  people: readonly PlannedUser[],
  accounts: readonly PlannedAccount[],
  sets: readonly PlannedSet[],
  prng: Prng,
): readonly PlannedAssignment[] {
  if (sets.length === 0) return []
  return prng.sample(people, Math.ceil(people.length * directShare)).map((user) => ({
    user: user.userName,
    accounts: [prng.pick(accounts).name],
    permissionSets: [prng.pick(sets).name],
  }))
}
