/**
 * @module A believable organisation of any size from a seed. The same seed and numbers give the same organisation, byte
 * for byte, in the form of an organisation file: it can be written, read and edited. Pure: no clock, no file, no other
 * chance than the seed.
 */
import type { OrganisationInput } from '../state/organisation-file.js'
import { Prng } from '../prng.js'
import { planAccounts, type PlannedAccount } from './plan-accounts.js'
import { planAssignments } from './plan-assignments.js'
import { planGroups } from './plan-groups.js'
import { planPeople, type PlannedUser } from './plan-people.js'
import { planPermissionSets } from './plan-permission-sets.js'
import { checkSeed, checkSize, type OrganisationSize } from './size.js'
import type { Team } from './teams.js'

/** @throws EmulatorError `INVALID_INPUT` for numbers outside AWS's quotas, or a seed that is none */
export function generateOrganisation(size: OrganisationSize, seed: number): OrganisationInput {
  checkSeed(seed)
  checkSize(size)
  const chance = (stream: string): Prng => new Prng(seed, stream)
  const instance = planInstance(chance('instance'))
  const instanceId = instance.instanceArn.split('/')[1] ?? ''
  const accounts = planAccounts(size.accounts, chance('accounts'))
  const teams = teamsOf(accounts)
  const permissionSets = planPermissionSets(size.permissionSets, instanceId, teams, chance('permission sets'))
  const people = planPeople(size.users, teams, chance('people'))
  const groups = planGroups(size.groups, { accounts, permissionSets, people, teams }, chance('groups'))
  const sources = { accounts, permissionSets, people, groups }
  const assignments = planAssignments(sources, chance('assignments'))
  return {
    instance,
    accounts: accounts.map(writeAccount),
    permissionSets: permissionSets.map(({ name, arn, description, sessionDuration }) => ({
      ...{ name, arn, description, sessionDuration },
    })),
    users: people.map(writeUser),
    groups: groups.map(({ id, displayName, externalId, members }) => ({
      ...{ id, displayName },
      ...(externalId !== undefined && { externalId }),
      members: [...members],
    })),
    assignments: [...assignments],
  }
}

function planInstance(prng: Prng): OrganisationInput['instance'] {
  return {
    instanceArn: `arn:aws:sso:::instance/ssoins-${prng.hex(16)}`,
    identityStoreId: `d-${prng.hex(10)}`,
    region: 'eu-central-1',
    portalAlias: 'example',
    acsTenant: `65752d63656e7472-${prng.hex(4)}-${prng.hex(4)}-${prng.hex(4)}-${prng.hex(12)}`,
  }
}

/** In the order in which the teams got their accounts. */
function teamsOf(accounts: readonly PlannedAccount[]): readonly Team[] {
  const teams = new Map<string, Team>()
  for (const { team } of accounts) if (team !== undefined) teams.set(team.name, team)
  return [...teams.values()]
}

function writeAccount({
  id,
  name,
  unit,
  environment,
  team,
}: PlannedAccount): OrganisationInput['accounts'][number] {
  return {
    ...{ id, name, email: `aws+${name}@example.com` },
    ...(unit !== undefined && { unit }),
    ...(environment === 'closed' && { state: 'SUSPENDED' as const }),
    tags: { environment, ...(team !== undefined && { team: team.name, division: team.division }) },
  }
}

function writeUser(user: PlannedUser): NonNullable<OrganisationInput['users']>[number] {
  const { id, userName, displayName, givenName, familyName, active, externalId } = user
  return {
    ...{ id, userName, displayName, givenName, familyName },
    ...(!active && { active }),
    ...(externalId !== undefined && { externalId }),
  }
}
