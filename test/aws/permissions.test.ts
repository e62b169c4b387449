import { PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PermissionCheck } from '../../src/aws/identity-center.js'
import { checkSetupOrder, type SetupBlock } from '../../src/core/aws-setup/order.js'
import { buildPolicy, describeBlocks } from '../../src/core/aws-setup/policy.js'
import { adminKey, AwsWorld, demo, demoRegion } from '../emulator/aws-world.js'
import { makeRole, policy } from '../emulator/sts/support.js'
import { connect, failureOf, normal } from './aws-connection.js'

const allBlocks: readonly SetupBlock[] = ['management_account', 'ous_and_tags', 'delegated_administrator']
const roleArn = `arn:aws:iam::${demo.management}:role/gatehouse`
const trust = policy({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${demo.management}:root` },
  Action: 'sts:AssumeRole',
})

function setupOrder(blocks: readonly SetupBlock[]) {
  return checkSetupOrder({
    integration: 'aws',
    issuer: 'https://id.example.com',
    audience: 'sts.amazonaws.com',
    subject: 'gatehouse:aws-identity-center',
    instanceArn: demo.instanceArn,
    region: demoRegion,
    roleName: 'gatehouse',
    blocks,
  })
}

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.control('POST', 'reset')
})

/** The check with a role that may do just this. */
async function checkWith(document: string): Promise<readonly PermissionCheck[]> {
  await makeRole(world, 'gatehouse', trust, document)
  const { identityCenter } = connect(world, {
    credentials: { kind: 'ambient', assumeRoleArn: roleArn, chain: () => Promise.resolve(adminKey) },
  })
  await using us = identityCenter
  return await us.permissions.check(normal)
}

const having = (checks: readonly PermissionCheck[], verdict: PermissionCheck['verdict']): string[] =>
  checks.filter((one) => one.verdict === verdict).map(({ action }) => action)

describe('with the policy of the set-up script', () => {
  test('and all its blocks nothing is missing', async () => {
    const checks = await checkWith(JSON.stringify(buildPolicy(setupOrder(allBlocks))))
    expect(having(checks, 'denied')).toEqual([])
    // What changes something whenever it is allowed is never tried.
    expect(having(checks, 'unknown')).toEqual([
      'iam:AttachRolePolicy',
      'iam:CreateRole',
      'iam:CreateSAMLProvider',
      'iam:DeleteRole',
      'iam:DeleteRolePolicy',
      'iam:DetachRolePolicy',
      'iam:PutRolePolicy',
      'iam:UpdateSAMLProvider',
    ])
  })

  test('and no block exactly what the blocks add is missing', async () => {
    const checks = await checkWith(JSON.stringify(buildPolicy(setupOrder([]))))
    expect(having(checks, 'denied')).toEqual([
      'organizations:ListRoots',
      'organizations:ListOrganizationalUnitsForParent',
      'organizations:ListTagsForResource',
      'sso:ListAccountAssignments',
      'iam:GetRolePolicy',
    ])
    expect(checks.every(({ verdict, block }) => verdict !== 'denied' || block !== 'base')).toBe(true)
  })

  test('every action is checked under the block that grants it', async () => {
    const order = setupOrder(allBlocks)
    const blocks = new Map(
      describeBlocks(order).flatMap(({ block, actions }) => actions.map((one) => [one, block])),
    )
    const granted = buildPolicy(order).Statement.flatMap(({ Action }) => Action)
    const checks = await checkWith(JSON.stringify(buildPolicy(order)))
    for (const { action, block } of checks) {
      expect(granted).toContain(action)
      expect([action, block]).toEqual([action, blocks.get(action) ?? 'base'])
    }
  })
})

test('what is missing is named, and nothing else', async () => {
  const { iam } = world.clients
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
  const all = having(await checkWith(policy(everything)), 'allowed')
  const { identityCenter } = connect(world, {
    credentials: { kind: 'ambient', assumeRoleArn: roleArn, chain: () => Promise.resolve(adminKey) },
  })
  await using us = identityCenter
  // Without these others cannot be tried: there is no store to name, and no role.
  const first = ['sso:DescribeInstance', 'iam:ListRoles']
  const rest = all.filter((action) => !first.includes(action))
  const thirds = [0, 1, 2].map((third) => rest.filter((_, at) => at % 3 === third))
  for (const missing of [first, ...thirds]) {
    const document = policy(everything, { Effect: 'Deny', Action: missing, Resource: '*' })
    await iam.send(
      new PutRolePolicyCommand({ RoleName: 'gatehouse', PolicyName: 'may', PolicyDocument: document }),
    )
    expect(having(await us.permissions.check(normal), 'denied')).toEqual(missing)
  }
})

test('a role that may do nothing is told all, and nothing is tried in a store that is not known', async () => {
  const checks = await checkWith(policy({ Effect: 'Deny', Action: '*', Resource: '*' }))
  expect(having(checks, 'allowed')).toEqual([])
  expect(checks.find(({ action }) => action === 'identitystore:ListUsers')).toMatchObject({
    verdict: 'unknown',
    says: expect.stringContaining('sso:DescribeInstance') as string,
  })
  expect(having(checks, 'denied')).toContain('sso:CreateAccountAssignment')
})

test('the check changes nothing', async () => {
  const before = await world.control('GET', 'state')
  const { identityCenter } = connect(world)
  await using us = identityCenter
  await us.permissions.check(normal)
  expect(await world.control('GET', 'state')).toEqual(before)
})

test('credentials that are not taken fail the check as a whole', async () => {
  const keys = { accessKeyId: 'AKIANOBODYNOBODY0000', secretAccessKey: 'nobody-nobody-nobody' }
  const { identityCenter } = connect(world, { keys })
  await using us = identityCenter
  expect(await failureOf(us.permissions.check(normal))).toMatchObject({ failure: 'unauthorized' })
})

describe('from a delegated administrator account', () => {
  const delegated = {
    instanceArn: 'arn:aws:sso:::instance/ssoins-72230b1d5e4c9f86',
    region: 'us-east-1',
    keys: {
      accessKeyId: 'AKIADELEGATEDADMIN00',
      secretAccessKey: 'secret-key-of-the-delegated-administrator',
    },
  }
  let other: AwsWorld
  beforeAll(async () => {
    other = await AwsWorld.open({ orgFile: 'fixtures/orgs/delegated.yaml' })
  })
  afterAll(() => other[Symbol.asyncDispose]())

  test('reading by principal is no missing permission, and rights in IAM are not asked for', async () => {
    const { identityCenter } = connect(other, delegated)
    await using us = identityCenter
    const checks = await us.permissions.check(normal)
    expect(having(checks, 'denied')).toEqual([])
    expect(checks.find(({ action }) => action === 'sso:ListAccountAssignmentsForPrincipal')).toMatchObject({
      verdict: 'unknown',
      says: expect.stringContaining('management account alone') as string,
    })
    expect(checks.some(({ action }) => action.startsWith('iam:'))).toBe(false)
    expect(checks.find(({ action }) => action === 'sso:CreateAccountAssignment')).toMatchObject({
      verdict: 'allowed',
    })
  })

  test('the same account with rights to read only misses both changes', async () => {
    const keys = {
      accessKeyId: 'AKIADELEGATEDREADER0',
      secretAccessKey: 'secret-key-of-the-delegated-reader',
    }
    const { identityCenter } = connect(other, { ...delegated, keys })
    await using us = identityCenter
    expect(having(await us.permissions.check(normal), 'denied')).toEqual(
      expect.arrayContaining(['sso:CreateAccountAssignment', 'sso:DeleteAccountAssignment']),
    )
  })

  test('assignments are read by pair, changed in member accounts, and refused in the management account', async () => {
    const { identityCenter } = connect(other, delegated)
    await using us = identityCenter
    const group = 'a4b82438-60f1-7058-91d2-7e3c5a0f2b01'
    const set = 'arn:aws:sso:::permissionSet/ssoins-72230b1d5e4c9f86/ps-7b2e1d4c6f809153'
    expect(await failureOf(us.read.listAssignmentsOfPrincipal('group', group, normal))).toMatchObject({
      failure: 'denied',
    })
    expect(await us.read.listProvisionedSets('303030303030', normal)).toEqual([set])
    expect(await us.read.listAssignmentsOfPair(`303030303030/${set}`, normal)).toHaveLength(1)
    const change = { change: 'create', principalKind: 'group', principalId: group } as const
    expect(await us.assignments.apply({ ...change, pair: `202020202020/${set}` }, normal)).toMatchObject({
      status: 'succeeded',
    })
    const refused = us.assignments.apply({ ...change, pair: `101010101010/${set}` }, normal)
    expect(await failureOf(refused)).toMatchObject({ failure: 'denied' })
  })
})
