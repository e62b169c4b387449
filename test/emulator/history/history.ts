/**
 * Random histories of an emulator: steps as plain data, played over HTTP as clients would, and what must hold after
 * each of them whatever happened before.
 */
import fc from 'fast-check'
import { demo, sendJson, type AwsWorld } from '../aws-world.js'

export type Step =
  | {
      readonly do: 'createUser' | 'deleteUser' | 'renameUser' | 'disableUser'
      readonly user: number
      readonly name: number
    }
  | { readonly do: 'createGroup' | 'deleteGroup'; readonly group: number; readonly name: number }
  | { readonly do: 'addMember' | 'removeMember'; readonly user: number; readonly group: number }
  | {
      readonly do: 'createAssignment' | 'deleteAssignment'
      readonly principal: 'USER' | 'GROUP'
      readonly user: number
      readonly group: number
      readonly account: number
      readonly set: number
    }
  | {
      readonly do: 'createSet' | 'deleteSet' | 'updateSet' | 'provision'
      readonly set: number
      readonly name: number
    }
  | { readonly do: 'advance'; readonly ms: number }

const few = fc.nat(5)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('createUser', 'deleteUser', 'renameUser', 'disableUser'),
    user: few,
    name: few,
  }),
  fc.record({ do: fc.constantFrom('createGroup', 'deleteGroup'), group: few, name: few }),
  fc.record({ do: fc.constantFrom('addMember', 'removeMember'), user: few, group: few }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('createAssignment', 'deleteAssignment'),
      principal: fc.constantFrom('USER', 'GROUP'),
      user: few,
      group: few,
      account: fc.nat(2),
      set: few,
    }),
  },
  fc.record({ do: fc.constantFrom('createSet', 'deleteSet', 'updateSet', 'provision'), set: few, name: few }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('advance'), ms: fc.constantFrom(1, 100, 499, 500, 2000) }),
  },
)

export const steps = fc.array(step, { minLength: 20, maxLength: 60 })

export interface Played {
  readonly target: string
  readonly status: number
  readonly body: unknown
}

interface Snapshot {
  readonly users: readonly {
    id: string
    userName: string
    externalId?: string
    emails?: { value: string }[]
  }[]
  readonly groups: readonly { id: string; displayName: string }[]
  readonly memberships: readonly { id: string; groupId: string; userId: string }[]
  readonly permissionSets: readonly { arn: string; name: string; version: number }[]
  readonly provisionedSets: readonly {
    accountId: string
    permissionSetArn: string
    roleSuffix: string
    version: number
  }[]
  readonly assignments: readonly Triple[]
  readonly assignmentRequests: readonly (Triple & { requestId: string; kind: string; status: string })[]
  readonly samlProviders: readonly { accountId: string }[]
}

interface Triple {
  readonly accountId: string
  readonly permissionSetArn: string
  readonly principalType: string
  readonly principalId: string
}

export async function snapshot(world: AwsWorld): Promise<Snapshot> {
  return (await world.control('GET', 'state')) as Snapshot
}

const accounts = [demo.production, demo.sandbox, demo.management]

/** Carries out one step; the things that it names by number are those that exist now, counted round. */
export async function play(world: AwsWorld, step: Step): Promise<Played | undefined> {
  if (step.do === 'advance') {
    await world.advance(step.ms)
    return undefined
  }
  const now = await snapshot(world)
  const at = <Item>(items: readonly Item[], index: number): Item | undefined =>
    items[index % Math.max(1, items.length)]
  // Ids that nobody has keep steps going where everything was deleted, and try the refusals.
  const absent = '00000000-0000-7000-8000-000000000000'
  const user = 'user' in step ? (at(now.users, step.user)?.id ?? absent) : absent
  const group = 'group' in step ? (at(now.groups, step.group)?.id ?? absent) : absent
  const set = 'set' in step ? (at(now.permissionSets, step.set)?.arn ?? demo.readOnlyArn) : demo.readOnlyArn
  const store = { IdentityStoreId: demo.identityStoreId }
  const instance = { InstanceArn: demo.instanceArn }
  const identity = async (name: string, input: object): Promise<Played> =>
    await send(world, `AWSIdentityStore.${name}`, { ...store, ...input })
  const admin = async (name: string, input: object): Promise<Played> =>
    await send(world, `SWBExternalService.${name}`, { ...instance, ...input })
  switch (step.do) {
    case 'createUser':
      return await identity('CreateUser', {
        UserName: `person-${step.name}@example.com`,
        DisplayName: `Person ${step.name}`,
        Name: { GivenName: 'Person', FamilyName: String(step.name) },
        Emails: [{ Value: `person-${step.user}@example.com`, Primary: true }],
      })
    case 'deleteUser':
      return await identity('DeleteUser', { UserId: user })
    case 'renameUser':
      return await identity('UpdateUser', {
        UserId: user,
        Operations: [{ AttributePath: 'userName', AttributeValue: `person-${step.name}@example.com` }],
      })
    case 'disableUser':
      return await identity('DescribeUser', { UserId: user })
    case 'createGroup':
      return await identity('CreateGroup', { DisplayName: `group-${step.name}` })
    case 'deleteGroup':
      return await identity('DeleteGroup', { GroupId: group })
    case 'addMember':
      return await identity('CreateGroupMembership', { GroupId: group, MemberId: { UserId: user } })
    case 'removeMember': {
      const membership = at(now.memberships, step.user * 7 + step.group)?.id ?? absent
      return await identity('DeleteGroupMembership', { MembershipId: membership })
    }
    case 'createAssignment':
    case 'deleteAssignment':
      return await admin(
        step.do === 'createAssignment' ? 'CreateAccountAssignment' : 'DeleteAccountAssignment',
        {
          TargetId: accounts[step.account],
          TargetType: 'AWS_ACCOUNT',
          PermissionSetArn: set,
          PrincipalType: step.principal,
          PrincipalId: step.principal === 'USER' ? user : group,
        },
      )
    case 'createSet':
      return await admin('CreatePermissionSet', { Name: `Set-${step.name}` })
    case 'deleteSet':
      return await admin('DeletePermissionSet', { PermissionSetArn: set })
    case 'updateSet':
      return await admin('UpdatePermissionSet', {
        PermissionSetArn: set,
        Description: `Changed ${step.name}`,
      })
    case 'provision':
      return await admin('ProvisionPermissionSet', {
        PermissionSetArn: set,
        TargetType: 'ALL_PROVISIONED_ACCOUNTS',
      })
  }
}

async function send(world: AwsWorld, target: string, input: object): Promise<Played> {
  const signingName = target.startsWith('AWSIdentityStore') ? 'identitystore' : 'sso'
  const { status, body } = await sendJson(world.url, target, JSON.stringify(input), { signingName })
  return { target, status, body }
}

const tripleOf = (row: Triple): string =>
  `${row.accountId}/${row.permissionSetArn}/${row.principalType}/${row.principalId}`
const pairOf = (row: { accountId: string; permissionSetArn: string }): string =>
  `${row.accountId}/${row.permissionSetArn}`

function repeated(values: readonly (string | undefined)[]): readonly string[] {
  const given = values.filter((value) => value !== undefined)
  return given.filter((value, index) => given.indexOf(value) !== index)
}

/** Everything that does not hold and should; empty where all is well. */
export function brokenInvariants(state: Snapshot, outstandingLimit: number): readonly string[] {
  const users = new Set(state.users.map(({ id }) => id))
  const groups = new Set(state.groups.map(({ id }) => id))
  const sets = new Map(state.permissionSets.map((set) => [set.arn, set]))
  const provisioned = new Set(state.provisionedSets.map(pairOf))
  const assigned = new Set(state.assignments.map(pairOf))
  const underWay = state.assignmentRequests.filter(({ status }) => status === 'IN_PROGRESS')
  const rules: readonly (readonly [string, readonly unknown[]])[] = [
    ['user names are unique', repeated(state.users.map(({ userName }) => userName))],
    ['mail addresses are unique', repeated(state.users.map(({ emails }) => emails?.[0]?.value))],
    ['external ids are unique', repeated(state.users.map(({ externalId }) => externalId))],
    ['group names are unique', repeated(state.groups.map(({ displayName }) => displayName))],
    ['permission set names are unique', repeated(state.permissionSets.map(({ name }) => name))],
    [
      'memberships are unique',
      repeated(state.memberships.map(({ groupId, userId }) => `${groupId}/${userId}`)),
    ],
    [
      'members and their groups exist',
      state.memberships.filter(({ groupId, userId }) => !groups.has(groupId) || !users.has(userId)),
    ],
    ['assignments are unique', repeated(state.assignments.map(tripleOf))],
    ['nothing is assigned without being provisioned', [...assigned].filter((pair) => !provisioned.has(pair))],
    ['nothing is provisioned without an assignment', [...provisioned].filter((pair) => !assigned.has(pair))],
    [
      'only permission sets that exist are provisioned',
      state.provisionedSets.filter((row) => !sets.has(row.permissionSetArn)),
    ],
    [
      'no account has a version from the future',
      state.provisionedSets.filter((row) => row.version > (sets.get(row.permissionSetArn)?.version ?? 0)),
    ],
    ['role suffixes are unique', repeated(state.provisionedSets.map(({ roleSuffix }) => roleSuffix))],
    [
      'an account with a provisioned set has a SAML provider',
      state.provisionedSets.filter(
        (row) => !state.samlProviders.some(({ accountId }) => accountId === row.accountId),
      ),
    ],
    ['one request at a time on an assignment', repeated(underWay.map(tripleOf))],
    // AWS's quota names CreateAccountAssignment alone.
    [
      'creations under way are within the limit',
      underWay.filter(({ kind }) => kind === 'create').slice(outstandingLimit),
    ],
  ]
  return rules
    .filter(([, broken]) => broken.length > 0)
    .map(([rule, broken]) => `${rule}: ${JSON.stringify(broken)}`)
}
