/**
 * What other tools got wrong at these services, by the name of where it was reported: it must not happen here.
 */
import { DeleteUserCommand } from '@aws-sdk/client-identitystore'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AssignmentChange } from '../../src/aws/identity-center.js'
import { AwsWorld, demo } from '../emulator/aws-world.js'
import { connect, failureOf, normal } from './aws-connection.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.control('POST', 'reset')
})

const pair = `${demo.sandbox}/${demo.readOnlyArn}`
const create: AssignmentChange = { change: 'create', principalKind: 'user', principalId: demo.adaId, pair }
const remove: AssignmentChange = { ...create, change: 'delete' }

test('ssosync #278, #234: a read that fails is never an empty directory', async () => {
  await using us = connect(world).identityCenter
  const reads = [
    ['identitystore:ListUsers', () => us.read.listUsers(normal)],
    ['identitystore:ListGroups', () => us.read.listGroups(normal)],
    ['organizations:ListAccounts', () => us.read.listAccounts({ ...normal, details: false })],
    ['sso-admin:ListPermissionSets', () => us.read.listPermissionSetArns(normal)],
    [
      'sso-admin:ListAccountAssignmentsForPrincipal',
      () => us.read.listAssignmentsOfPrincipal('user', demo.adaId, normal),
    ],
  ] as const
  for (const [operation, read] of reads) {
    for (const kind of ['error', 'truncate', 'reset-before'] as const) {
      await world.control('POST', 'faults', { operation, at: 1, fault: { kind } })
      expect(await failureOf(read()), `${operation} ${kind}`).toMatchObject({ failure: 'unknown_outcome' })
    }
  }
})

describe('terraform-provider-aws #24858: throttling on assignment reads', () => {
  test('is told as throttling, so that the governor waits and asks again', async () => {
    await world.control('POST', 'faults', {
      operation: 'sso-admin:ListAccountAssignmentsForPrincipal',
      at: 1,
      times: 3,
      fault: { kind: 'throttle' },
    })
    const patient = connect(world, { retries: 3 })
    await using us = patient.identityCenter
    expect(await us.read.listAssignmentsOfPrincipal('user', demo.devId, normal)).toHaveLength(1)
    expect(patient.governor.count('ListAccountAssignmentsForPrincipal')).toBe(4)
  })

  test('and the SDK itself asks once', async () => {
    await world.control('POST', 'faults', {
      operation: 'sso-admin:ListPermissionSets',
      at: 1,
      times: null,
      fault: { kind: 'throttle' },
    })
    await using us = connect(world).identityCenter
    expect(await failureOf(us.read.listPermissionSetArns(normal))).toMatchObject({
      failure: 'throttled',
      awsCode: 'ThrottlingException',
    })
    const { faults } = (await world.control('GET', 'faults')) as {
      readonly faults: readonly { readonly hits: number }[]
    }
    expect(faults.map(({ hits }) => hits)).toEqual([1])
  })
})

test('terraform-provider-aws #25942, #35646: more creations than AWS takes at a time all succeed', async () => {
  await world.control('PUT', 'settings', { limits: true, outstandingAssignments: 10 })
  const patient = connect(world, { retries: 50 })
  await using us = patient.identityCenter
  const sets = await us.read.listPermissionSetArns(normal)
  const accounts = ['222222222222', '333333333333', '444444444444', '666666666666']
  const changes = accounts.flatMap((account) => sets.map((arn) => ({ ...create, pair: `${account}/${arn}` })))
  const outcomes = await Promise.all(changes.map((change) => us.assignments.apply(change, normal)))
  expect(outcomes.map(({ status }) => status)).toEqual(changes.map(() => 'succeeded'))
})

test('iam-identity-center-team #513: a revocation that races the grant waits for it and then holds', async () => {
  await world.control('PUT', 'settings', { assignmentMs: 4000 })
  const ours = connect(world)
  const theirs = connect(world)
  await using us = ours.identityCenter
  await using them = theirs.identityCenter
  const grant = them.assignments.apply(create, normal)
  while (theirs.governor.count('CreateAccountAssignment') === 0) await Promise.resolve()
  expect(await us.assignments.apply(remove, normal)).toMatchObject({ status: 'succeeded' })
  expect(await grant).toMatchObject({ status: 'succeeded' })
  expect(await us.read.listAssignmentsOfPrincipal('user', demo.adaId, normal)).not.toContain(pair)
})

test('terraform-provider-aws #19341: taking an assignment from a user who is gone succeeds', async () => {
  await using us = connect(world).identityCenter
  await us.assignments.apply(create, normal)
  await world.clients.identitystore.send(
    new DeleteUserCommand({ IdentityStoreId: demo.identityStoreId, UserId: demo.adaId }),
  )
  expect(await us.assignments.apply(remove, normal)).toMatchObject({ status: 'succeeded' })
})

test('terraform-provider-aws #19341: giving one to a user who is gone fails with the reason', async () => {
  await using us = connect(world).identityCenter
  await world.clients.identitystore.send(
    new DeleteUserCommand({ IdentityStoreId: demo.identityStoreId, UserId: demo.adaId }),
  )
  const outcome = await us.assignments.apply(create, normal)
  expect(outcome).toMatchObject({ status: 'failed' })
  expect(outcome.reason).toContain('404')
})
