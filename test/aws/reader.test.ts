import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { adminKey, AwsWorld, demo } from '../emulator/aws-world.js'
import { makeRole, policy } from '../emulator/sts/support.js'
import { connect, failureOf, normal, type Connected } from './aws-connection.js'

let world: AwsWorld
let us: Connected

beforeAll(async () => {
  world = await AwsWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.control('POST', 'reset')
  us = connect(world)
  return () => us.identityCenter[Symbol.asyncDispose]()
})

describe('the instance', () => {
  test('is described with who we are and which account manages the organisation', async () => {
    expect(await us.identityCenter.read.describeInstance(normal)).toMatchObject({
      instanceArn: demo.instanceArn,
      identityStoreId: demo.identityStoreId,
      ownerAccountId: demo.management,
      status: 'ACTIVE',
      callerAccountId: demo.management,
      managementAccountId: demo.management,
    })
  })

  test('that is not there is not found', async () => {
    await using other = connect(world, {
      instanceArn: 'arn:aws:sso:::instance/ssoins-0000000000000000',
    }).identityCenter
    expect(await failureOf(other.read.describeInstance(normal))).toMatchObject({
      service: 'sso-admin',
      operation: 'DescribeInstance',
    })
  })

  test('of another Region is refused, and says so', async () => {
    await using other = connect(world, { region: 'us-east-1' }).identityCenter
    expect(await failureOf(other.read.describeInstance(normal))).toMatchObject({ failure: 'denied' })
  })
})

describe('accounts', () => {
  test('come without units and tags where no details are asked for', async () => {
    const accounts = await us.identityCenter.read.listAccounts({ ...normal, details: false })
    expect(accounts).toHaveLength(7)
    expect(accounts[0]).toMatchObject({
      id: demo.management,
      name: 'management',
      status: 'ACTIVE',
      isManagement: true,
      ouPath: undefined,
      tags: {},
    })
    expect(accounts.filter(({ isManagement }) => isManagement)).toHaveLength(1)
    expect(us.governor.calls.map(({ operation }) => operation)).toEqual(['ListAccounts'])
  })

  test('come with the path of their unit and their tags where details are asked for', async () => {
    const accounts = await us.identityCenter.read.listAccounts({ ...normal, details: true })
    expect(accounts.map(({ name, ouPath, tags }) => [name, ouPath, tags['stage']])).toEqual([
      ['management', 'Root', 'management'],
      ['log-archive', 'Root/Security', 'security'],
      ['audit', 'Root/Security', 'security'],
      ['shared-services', 'Root/Infrastructure', 'shared'],
      ['production', 'Root/Workloads/Production', 'production'],
      ['staging', 'Root/Workloads/Staging', 'staging'],
      ['sandbox', 'Root/Workloads/Sandbox', 'sandbox'],
    ])
  })
})

describe('the directory', () => {
  test('users are read with their state', async () => {
    const users = await us.identityCenter.read.listUsers(normal)
    expect(users).toHaveLength(8)
    expect(users.find(({ userName }) => userName === 'ada@example.com')).toMatchObject({
      id: demo.adaId,
      displayName: 'Ada Okafor',
      givenName: 'Ada',
      familyName: 'Okafor',
      active: true,
    })
    expect(users.find(({ userName }) => userName === 'gone@example.com')).toMatchObject({ active: false })
  })

  test('groups and their members are read, and the store is asked for once', async () => {
    const { read } = us.identityCenter
    const groups = await read.listGroups(normal)
    const admins = groups.find(({ displayName }) => displayName === 'platform-admins')
    expect(await read.listMembers(admins?.id ?? '', normal)).toContain(demo.adaId)
    expect(us.governor.count('DescribeInstance')).toBe(1)
  })

  test('the members of a group that is gone are not found', async () => {
    const gone = '73e4f8c2-70d1-7021-4f2b-000000000000'
    expect(await failureOf(us.identityCenter.read.listMembers(gone, normal))).toMatchObject({
      failure: 'not_found',
      awsCode: 'ResourceNotFoundException',
    })
  })
})

describe('permission sets and assignments', () => {
  test('permission sets are listed and described', async () => {
    const { read } = us.identityCenter
    const arns = await read.listPermissionSetArns(normal)
    expect(arns).toHaveLength(5)
    expect(await read.describePermissionSet(demo.readOnlyArn, normal)).toEqual({
      arn: demo.readOnlyArn,
      name: 'ReadOnlyAccess',
      description: 'Read access to all services',
      sessionDuration: 'PT8H',
    })
  })

  test('what a user holds through groups is no assignment of that user', async () => {
    const { read } = us.identityCenter
    expect(await read.listAssignmentsOfPrincipal('user', demo.devId, normal)).toEqual([
      `444444444444/${demo.readOnlyArn}`,
    ])
    const groups = await read.listGroups(normal)
    const developers = groups.find(({ displayName }) => displayName === 'developers')
    expect(await read.listAssignmentsOfPrincipal('group', developers?.id ?? '', normal)).toHaveLength(5)
  })

  test('are read by provisioned pair as well', async () => {
    const { read } = us.identityCenter
    expect(await read.listProvisionedSets(demo.production, normal)).toContain(demo.readOnlyArn)
    const rows = await read.listAssignmentsOfPair(`444444444444/${demo.readOnlyArn}`, normal)
    expect(rows).toEqual([
      { principalKind: 'user', principalId: demo.devId, pair: `444444444444/${demo.readOnlyArn}` },
    ])
  })
})

test('the assignments of who is gone are not found', async () => {
  const gone = '53c4a8e2-20b1-70f5-8d13-00000000dead'
  const read = us.identityCenter.read.listAssignmentsOfPrincipal('user', gone, normal)
  expect(await failureOf(read)).toMatchObject({ failure: 'not_found' })
})

describe('without the permissions for details', () => {
  const roleArn = `arn:aws:iam::${demo.management}:role/narrow`
  const trust = policy({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${demo.management}:root` },
    Action: 'sts:AssumeRole',
  })
  async function narrowed(...denied: readonly string[]): Promise<Connected> {
    const statements = [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: denied, Resource: '*' },
    ]
    await makeRole(world, 'narrow', trust, policy(...statements))
    return connect(world, {
      credentials: { kind: 'ambient', assumeRoleArn: roleArn, chain: () => Promise.resolve(adminKey) },
    })
  }

  test.each([
    [['organizations:ListRoots'], ['units'], [undefined, 'management']],
    [['organizations:ListOrganizationalUnitsForParent'], ['units'], [undefined, 'management']],
    [['organizations:ListTagsForResource'], ['tags'], ['Root', undefined]],
    [
      ['organizations:ListRoots', 'organizations:ListTagsForResource'],
      ['units', 'tags'],
      [undefined, undefined],
    ],
  ])('%j: the accounts come all the same, and what is left out is told', async (denied, leftOut, detail) => {
    const { identityCenter, governor } = await narrowed(...denied)
    await using narrow = identityCenter
    const told: string[] = []
    const accounts = await narrow.read.listAccounts({
      ...normal,
      details: true,
      onLeftOut: (what, says) => void told.push(`${what}: ${says}`),
    })
    expect(accounts).toHaveLength(7)
    expect([accounts[0]?.ouPath, accounts[0]?.tags['stage']]).toEqual(detail)
    expect(told.map((line) => line.split(':')[0])).toEqual(leftOut)
    expect(told[0]).toContain(denied[0])
    // One refusal is enough.
    if (denied.includes('organizations:ListTagsForResource'))
      expect(governor.count('ListTagsForResource')).toBe(1)
  })

  test('the management account is told by the accounts where the organisation may not be read', async () => {
    await using narrow = (await narrowed('organizations:DescribeOrganization')).identityCenter
    expect(await narrow.read.describeInstance(normal)).toMatchObject({ managementAccountId: demo.management })
  })

  test('and is unknown where the accounts may not be read either', async () => {
    const denied = ['organizations:DescribeOrganization', 'organizations:ListAccounts']
    await using narrow = (await narrowed(...denied)).identityCenter
    expect(await narrow.read.describeInstance(normal)).toMatchObject({ managementAccountId: undefined })
    expect(await failureOf(narrow.read.listAccounts({ ...normal, details: true }))).toMatchObject({
      failure: 'denied',
    })
  })
})

describe('pages', () => {
  test('that come short or empty lose nothing', async () => {
    const { read } = us.identityCenter
    await world.control('PUT', 'settings', { shortPages: 1 })
    expect(await read.listUsers(normal)).toHaveLength(8)
    expect(await read.listAccounts({ ...normal, details: true })).toHaveLength(7)
    expect(await read.listPermissionSetArns(normal)).toHaveLength(5)
    expect(us.governor.count('ListUsers')).toBeGreaterThan(1)
  })

  test('a list that breaks off in its middle is no list', async () => {
    await world.control('PUT', 'settings', { shortPages: 1 })
    await world.control('POST', 'faults', {
      operation: 'identitystore:ListUsers',
      at: 2,
      fault: { kind: 'error' },
    })
    expect(await failureOf(us.identityCenter.read.listUsers(normal))).toMatchObject({
      failure: 'unknown_outcome',
    })
  })
})
