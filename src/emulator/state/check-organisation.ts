/**
 * @module What an organisation file may not say although its form is right: names and ids given twice, ARNs of another
 * instance, and more than AWS's quotas (`limits` of the user guide). Each function answers problems with their place.
 */
import { parsePolicy } from '../access/parse-policy.js'
import { PolicyError } from '../access/policy-error.js'
import { pairKey, type AccountAssignment } from './assignment.js'
import type { OrganisationFile } from './organisation-file.js'
import type { ProvisionedSet } from './permission-set.js'

/** Default quotas; where AWS raises them on request, what is beyond is still more than the emulator is meant for. */
const quotas = { accounts: 7000, permissionSets: 3500, users: 200_000, groups: 100_000 } as const
const permissionSetsPerAccount = 500
const groupsPerPair = 100

/** Names, ids and keys that are there twice although each names one thing. */
export function findRepeated(file: OrganisationFile): readonly string[] {
  const uniques: readonly [where: string, values: readonly string[]][] = [
    ['units: path', file.units.map((unit) => unit.path)],
    ['accounts: id', file.accounts.map((account) => account.id)],
    ['accounts: name', file.accounts.map((account) => account.name)],
    ['accounts: email', file.accounts.map((account) => account.email)],
    ['permissionSets: name', file.permissionSets.map((set) => set.name)],
    ['permissionSets: arn', file.permissionSets.map((set) => set.arn)],
    ['users: userName', file.users.map((user) => user.userName)],
    ['users: email', file.users.map((user) => user.email ?? user.userName)],
    ['users: externalId', file.users.flatMap((user) => user.externalId ?? [])],
    ['groups: displayName', file.groups.map((group) => group.displayName)],
    ['users and groups: id', [...file.users, ...file.groups].map((principal) => principal.id)],
    ['credentials: accessKeyId', (file.credentials ?? []).map((credential) => credential.accessKeyId)],
  ]
  const repeated = uniques.flatMap(([where, values]) =>
    repeatedOf(values).map((value) => `${where} "${value}" is there twice`),
  )
  // A token is a secret: the message does not show it.
  const tokens = repeatedOf(file.scim.tokens.map(({ token }) => token))
  return [
    ...repeated,
    ...tokens.map(() => 'scim.tokens: the same token is there twice'),
    ...findNamesThatAreIds(file),
  ]
}

function repeatedOf(values: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const value of values) {
    if (seen.has(value)) repeated.add(value)
    seen.add(value)
  }
  return [...repeated]
}

/** Accounts are referred to by name or id, so no name may be the id of another. */
function findNamesThatAreIds(file: OrganisationFile): readonly string[] {
  const ids = new Set(file.accounts.map((account) => account.id))
  return file.accounts
    .filter(({ id, name }) => name !== id && ids.has(name))
    .map(({ name }) => `accounts: name "${name}" is the id of another account`)
}

export function findForeignPermissionSets(file: OrganisationFile): readonly string[] {
  const instanceId = file.instance.instanceArn.split('/')[1] ?? ''
  return file.permissionSets
    .filter((set) => !set.arn.includes(`/${instanceId}/`))
    .map((set) => `permissionSets: "${set.name}" has an ARN of another instance than ${instanceId}`)
}

/** Policies of credentials that cannot be read, or that the emulator would not judge as AWS does. */
export function findUnusablePolicies(file: OrganisationFile): readonly string[] {
  return (file.credentials ?? []).flatMap(({ policies }, index) =>
    policies === 'administrator'
      ? []
      : policies.flatMap((policy, place) => {
          try {
            parsePolicy(JSON.stringify(policy), 'identity')
            return []
          } catch (error) {
            if (!(error instanceof PolicyError)) throw error
            return [`credentials.${index}.policies.${place}: ${error.message}`]
          }
        }),
  )
}

interface Counted {
  readonly accounts: readonly unknown[]
  readonly permissionSets: readonly unknown[]
  readonly users: readonly unknown[]
  readonly groups: readonly unknown[]
  readonly assignments: readonly AccountAssignment[]
  readonly provisionedSets: readonly ProvisionedSet[]
}

/** What is more than AWS allows by default. */
export function findOverQuotas(rows: Counted): readonly string[] {
  const totals = (['accounts', 'permissionSets', 'users', 'groups'] as const)
    .filter((name) => rows[name].length > quotas[name])
    .map((name) => `${name}: there are ${rows[name].length}; at most ${quotas[name]} are allowed`)
  const setsOf = countBy(rows.provisionedSets, ({ accountId }) => accountId)
  const groupsOf = countBy(
    rows.assignments.filter(({ principalType }) => principalType === 'GROUP'),
    ({ accountId, permissionSetArn }) => pairKey(accountId, permissionSetArn),
  )
  return [
    ...totals,
    ...above(setsOf, permissionSetsPerAccount).map(
      ([id, count]) =>
        `assignments: account ${id} gets ${count} permission sets; at most ${permissionSetsPerAccount} are allowed`,
    ),
    ...above(groupsOf, groupsPerPair).map(
      ([pair, count]) =>
        `assignments: ${count} groups share the pair ${pair}; at most ${groupsPerPair} are allowed`,
    ),
  ]
}

function countBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1)
  return counts
}

function above(counts: ReadonlyMap<string, number>, limit: number): readonly (readonly [string, number])[] {
  return [...counts].filter(([, count]) => count > limit)
}
