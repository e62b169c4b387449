/**
 * @module From an organisation file to rows: names become ids, what the file leaves out is filled in, and everything
 * that does not hold together is a problem with its place.
 */
import type { Account, Unit } from './account.js'
import { tripleKey, type AccountAssignment } from './assignment.js'
import type { Group, Membership } from './group.js'
import type { Credential } from './iam.js'
import type { Organisation, OrganisationFile } from './organisation.js'
import type { PermissionSet, ProvisionedSet } from './permission-set.js'
import {
  findForeignPermissionSets,
  findOverQuotas,
  findRepeated,
  findUnusablePolicies,
} from './check-organisation.js'
import { stableHex, stableUuid } from './stable-id.js'
import type { User } from './user.js'

/** The key pair that AWS's documents use as an example; it may do everything. */
const exampleCredential = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  userName: 'admin',
  policies: 'administrator',
} as const

const administrator = [
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }),
]

type Resolved = Pick<
  Organisation,
  'ids' | 'managementAccountId' | 'delegatedAdministratorId' | 'contents' | 'scimTokens'
>

/** Adds to `problems` whatever does not hold together. */
export function resolveNames(file: OrganisationFile, problems: string[]): Resolved {
  problems.push(...findRepeated(file), ...findForeignPermissionSets(file), ...findUnusablePolicies(file))
  const at = Date.parse(file.createdAt)
  const store = file.instance.identityStoreId
  const ids = {
    organizationId: file.organizationId ?? `o-${stableHex(10, store, 'organization')}`,
    rootId: file.rootId ?? `r-${stableHex(4, store, 'root')}`,
  }
  const units = new Map<string, Unit>()
  for (const { path, tags } of file.units) tagUnit(path, tags, ids.rootId, units)
  const accounts = file.accounts.map((account, index): Account => ({
    id: account.id,
    name: account.name,
    email: account.email,
    parentId: unitAt(account.unit, ids.rootId, units),
    state: account.state,
    joinedMethod: index === 0 ? 'INVITED' : 'CREATED',
    joinedAt: at,
    tags: account.tags,
  }))
  const accountIds = new Map(accounts.flatMap(({ id, name }) => [[name, id] as const, [id, id] as const]))
  const findAccount = (name: string, place: string): string[] =>
    found(accountIds, name, `${place}: no account "${name}"`, problems)
  const users = file.users.map(({ givenName, familyName, email, externalId, ...user }): User => ({
    ...user,
    ...(externalId !== undefined && { externalId }),
    name: { givenName, familyName },
    emails: [{ value: email ?? user.userName, type: 'work', primary: true }],
    createdAt: at,
    updatedAt: at,
  }))
  const groups = file.groups.map(({ id, displayName, description, externalId }): Group => ({
    id,
    displayName,
    ...(description !== undefined && { description }),
    ...(externalId !== undefined && { externalId }),
    createdAt: at,
    updatedAt: at,
  }))
  const permissionSets = file.permissionSets.map(
    ({ name, arn, description, sessionDuration, relayState }): PermissionSet => ({
      name,
      arn,
      ...(description !== undefined && { description }),
      sessionDuration,
      ...(relayState !== undefined && { relayState }),
      createdAt: at,
      version: 1,
      tags: {},
    }),
  )
  const assignments = resolveAssignments(file, { users, groups, permissionSets }, findAccount, at, problems)
  const provisionedSets = provisionedSetsOf(assignments, store, at)
  problems.push(...findOverQuotas({ accounts, users, groups, permissionSets, assignments, provisionedSets }))
  const delegated = file.delegatedAdministrator
  return {
    ids,
    managementAccountId: accounts[0]?.id ?? '',
    delegatedAdministratorId:
      delegated === undefined ? undefined : findAccount(delegated, 'delegatedAdministrator')[0],
    contents: {
      accounts,
      units: [...units.values()],
      users,
      groups,
      permissionSets,
      memberships: resolveMemberships(file, users, at, problems),
      assignments,
      provisionedSets,
      samlProviders: [...new Set(assignments.map(({ accountId }) => accountId))].map((accountId) => ({
        accountId,
        name: `AWSSSO_${stableHex(16, store, 'saml', accountId)}_DO_NOT_DELETE`,
        uuid: stableHex(26, store, 'saml-uuid', accountId).toUpperCase(),
        createdAt: at,
      })),
      credentials: (file.credentials ?? [exampleCredential]).map((line, index): Credential => {
        const accountId =
          ('account' in line && line.account !== undefined
            ? findAccount(line.account, `credentials.${index}`)[0]
            : accounts[0]?.id) ?? ''
        return {
          accessKeyId: line.accessKeyId,
          secretAccessKey: line.secretAccessKey,
          accountId,
          arn: `arn:aws:iam::${accountId}:user/${line.userName}`,
          userId: `AIDA${stableHex(17, accountId, line.userName).toUpperCase()}`,
          policies:
            line.policies === 'administrator'
              ? administrator
              : line.policies.map((policy) => JSON.stringify(policy)),
        }
      }),
    },
    scimTokens: file.scim.tokens.map(({ token, expiresAt }) => ({
      token,
      expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
    })),
  }
}

/** The id of the unit at a path, made with its ancestors where nobody named it before. */
function unitAt(path: string | undefined, rootId: string, units: Map<string, Unit>): string {
  let parentId = rootId
  let walked = ''
  for (const name of path === undefined ? [] : path.split('/')) {
    walked += `/${name}`
    const known = units.get(walked)
    const unit = known ?? {
      id: `ou-${rootId.slice(2)}-${stableHex(8, rootId, walked)}`,
      name,
      parentId,
      tags: {},
    }
    if (known === undefined) units.set(walked, unit)
    parentId = unit.id
  }
  return parentId
}

function tagUnit(
  path: string,
  tags: Readonly<Record<string, string>>,
  rootId: string,
  units: Map<string, Unit>,
): void {
  unitAt(path, rootId, units)
  const unit = units.get(`/${path}`)
  if (unit !== undefined) units.set(`/${path}`, { ...unit, tags })
}

function resolveMemberships(
  file: OrganisationFile,
  users: readonly User[],
  at: number,
  problems: string[],
): Membership[] {
  const ids = new Map(users.map((user) => [user.userName, user.id]))
  return file.groups.flatMap((group) =>
    [...new Set(group.members)].flatMap((userName) =>
      found(
        ids,
        userName,
        `groups: "${group.displayName}" has the unknown member "${userName}"`,
        problems,
      ).map((userId) => ({
        id: stableUuid(group.id, userId),
        groupId: group.id,
        userId,
        createdAt: at,
        updatedAt: at,
      })),
    ),
  )
}

function resolveAssignments(
  file: OrganisationFile,
  rows: {
    readonly users: readonly User[]
    readonly groups: readonly Group[]
    readonly permissionSets: readonly PermissionSet[]
  },
  findAccount: (name: string, place: string) => string[],
  at: number,
  problems: string[],
): AccountAssignment[] {
  const groups = new Map(rows.groups.map((group) => [group.displayName, group.id]))
  const users = new Map(rows.users.map((user) => [user.userName, user.id]))
  const sets = new Map(rows.permissionSets.map((set) => [set.name, set.arn]))
  const all = file.assignments.flatMap((line, index) => {
    const place = `assignments.${index}`
    const principals =
      line.user === undefined
        ? found(groups, line.group ?? '', `${place}: no group "${line.group ?? ''}"`, problems)
        : found(users, line.user, `${place}: no user "${line.user}"`, problems)
    const accounts = line.accounts.flatMap((name) => findAccount(name, place))
    const arns = line.permissionSets.flatMap((name) =>
      found(sets, name, `${place}: no permission set "${name}"`, problems),
    )
    const principalType = line.user === undefined ? ('GROUP' as const) : ('USER' as const)
    return principals.flatMap((principalId) =>
      accounts.flatMap((accountId) =>
        arns.map((permissionSetArn) => ({
          principalType,
          principalId,
          accountId,
          permissionSetArn,
          createdAt: at,
        })),
      ),
    )
  })
  return [...new Map(all.map((assignment) => [tripleKey(assignment), assignment])).values()]
}

function provisionedSetsOf(
  assignments: readonly AccountAssignment[],
  store: string,
  at: number,
): ProvisionedSet[] {
  const pairs = new Map<string, ProvisionedSet>()
  for (const { accountId, permissionSetArn } of assignments) {
    const key = `${accountId}/${permissionSetArn}`
    if (pairs.has(key)) continue
    const roleSuffix = stableHex(16, store, key)
    pairs.set(key, { accountId, permissionSetArn, version: 1, roleSuffix, createdAt: at })
  }
  return [...pairs.values()]
}

function found<Id>(ids: ReadonlyMap<string, Id>, name: string, missing: string, problems: string[]): Id[] {
  const id = ids.get(name)
  if (id === undefined) problems.push(missing)
  return id === undefined ? [] : [id]
}
