import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AssignmentChange } from '../../src/aws/identity-center.js'
import { AwsWorld, demo } from '../emulator/aws-world.js'
import { connect, failureOf, normal, type Connected } from './aws-connection.js'

let world: AwsWorld
let us: Connected

const pair = `${demo.sandbox}/${demo.readOnlyArn}`
const create: AssignmentChange = { change: 'create', principalKind: 'user', principalId: demo.adaId, pair }
const remove: AssignmentChange = { ...create, change: 'delete' }

beforeAll(async () => {
  world = await AwsWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.control('POST', 'reset')
  us = connect(world)
  return () => us.identityCenter[Symbol.asyncDispose]()
})

const apply = (change: AssignmentChange, options = normal) =>
  us.identityCenter.assignments.apply(change, options)
const held = () => us.identityCenter.read.listAssignmentsOfPrincipal('user', demo.adaId, normal)
const fault = (operation: string, kind: string, more: object = {}) =>
  world.control('POST', 'faults', { operation: `sso-admin:${operation}`, at: 1, fault: { kind }, ...more })

describe('a change', () => {
  test('is followed to its end, with waits that grow', async () => {
    await world.control('PUT', 'settings', { assignmentMs: 20_000 })
    const outcome = await apply(create)
    expect(outcome).toMatchObject({ status: 'succeeded', reason: undefined })
    expect(outcome.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(us.timers.waits).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000])
    expect(await held()).toContain(pair)
  })

  test('is followed for longer than one deadline where each look gets a new one', async () => {
    await world.control('PUT', 'settings', { assignmentMs: 60_000 })
    const deadline = () => world.clock.now() + 9000
    const renewDeadline = () => Promise.resolve(deadline())
    expect(await apply(create, { ...normal, deadline: deadline(), renewDeadline })).toMatchObject({
      status: 'succeeded',
    })
    expect(us.governor.count('CreateAccountAssignment')).toBe(1)
  })

  test('of what is there already succeeds, whatever AWS answers', async () => {
    await apply(create)
    expect(await apply(create)).toMatchObject({ status: 'succeeded' })
    await world.control('PUT', 'settings', { duplicateAssignment: 'conflict' })
    us.timers.waits.length = 0
    expect(await apply(create)).toMatchObject({ status: 'succeeded' })
    expect(us.timers.waits).toEqual([])
  })

  test('takes away, and taking away what is gone succeeds', async () => {
    await apply(create)
    expect(await apply(remove)).toMatchObject({ status: 'succeeded' })
    expect(await held()).not.toContain(pair)
    expect(await apply(remove)).toMatchObject({ status: 'succeeded' })
    expect(us.governor.count('DeleteAccountAssignment')).toBe(2)
  })

  test('for a user who is not there fails with the reason of AWS', async () => {
    const principalId = '53c4a8e2-20b1-70f5-8d13-00000000dead'
    const outcome = await apply({ ...create, principalId })
    expect(outcome).toMatchObject({ status: 'failed' })
    expect(outcome.reason).toContain(`the USER assignee ${principalId} was not found`)
  })

  test('of a permission set that is not there is refused', async () => {
    const arn = demo.readOnlyArn.replace(/ps-.*/, 'ps-0000000000000000')
    const change = { ...create, pair: `${demo.sandbox}/${arn}` }
    expect(await failureOf(apply(change))).toMatchObject({ failure: 'not_found' })
  })
})

describe('many changes', () => {
  test('are under way ten at a time, and all of them end', async () => {
    const accounts = [
      '222222222222',
      '333333333333',
      '444444444444',
      '555555555555',
      '666666666666',
      '777777777777',
    ]
    const sets = await us.identityCenter.read.listPermissionSetArns(normal)
    const changes = accounts.flatMap((account) =>
      sets.map((arn) => ({ ...create, pair: `${account}/${arn}` })),
    )
    let most = 0
    const watch = async (): Promise<void> => {
      const { assignmentRequests } = (await world.control('GET', 'state?only=assignmentRequests')) as {
        readonly assignmentRequests: readonly { readonly status: string }[]
      }
      most = Math.max(most, assignmentRequests.filter(({ status }) => status === 'IN_PROGRESS').length)
    }
    const work = changes.map(async (change) => {
      const outcome = await apply(change)
      await watch()
      return outcome
    })
    expect((await Promise.all(work)).every(({ status }) => status === 'succeeded')).toBe(true)
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(10)
    expect(await held()).toEqual(expect.arrayContaining(changes.map((change) => change.pair)))
  })

  test('of one assignment go one after the other, in order', async () => {
    const outcomes = await Promise.all([apply(create), apply(remove), apply(create), apply(remove)])
    expect(outcomes.map(({ status }) => status)).toEqual(Array<string>(4).fill('succeeded'))
    expect(await held()).not.toContain(pair)
  })
})

describe('a conflict', () => {
  test('with a change of somebody else is waited out', async () => {
    await world.control('PUT', 'settings', { assignmentMs: 3000 })
    const other = connect(world)
    await using theirs = other.identityCenter
    const first = theirs.assignments.apply(create, normal)
    while (other.governor.count('CreateAccountAssignment') === 0) await Promise.resolve()
    expect(await apply(remove)).toMatchObject({ status: 'succeeded' })
    await first
    expect(await held()).not.toContain(pair)
  })

  test('that outlasts the deadline is told as a conflict: nothing was begun', async () => {
    await world.control('PUT', 'settings', { assignmentMs: 600_000 })
    const now = world.clock.now()
    const begun = await failureOf(apply(create, { ...normal, deadline: now + 1000 }))
    expect(begun.failure).toBe('unknown_outcome')
    const error = await failureOf(apply(remove, { ...normal, deadline: world.clock.now() + 5000 }))
    expect(error).toMatchObject({ failure: 'conflict', awsCode: 'ConflictException' })
  })
})

describe('an outcome is unknown', () => {
  test('where the answer to the begin is lost, and it is not begun again', async () => {
    await fault('CreateAccountAssignment', 'reset-after')
    expect(await failureOf(apply(create))).toMatchObject({ failure: 'unknown_outcome' })
    expect(us.governor.count('CreateAccountAssignment')).toBe(1)
    await world.advance(1000)
    expect(await held()).toContain(pair)
  })

  test.each(['error', 'truncate'])('where the service answers with %s', async (kind) => {
    await fault('CreateAccountAssignment', kind)
    expect(await failureOf(apply(create))).toMatchObject({ failure: 'unknown_outcome' })
  })

  test('where AWS still works at the deadline', async () => {
    await world.control('PUT', 'settings', { assignmentMs: 600_000 })
    const error = await failureOf(apply(create, { ...normal, deadline: world.clock.now() + 10_000 }))
    expect(error).toMatchObject({ failure: 'unknown_outcome', awsCode: 'NotFollowed' })
    expect(error.message).toContain('still works on it')
  })

  test("where the lease for the next look is another's", async () => {
    await world.control('PUT', 'settings', { assignmentMs: 20_000 })
    const renewDeadline = () => Promise.reject(new Error('another replica holds the lease'))
    const options = { ...normal, deadline: world.clock.now() + 9000, renewDeadline }
    const error = await failureOf(apply(create, options))
    expect(error).toMatchObject({ failure: 'unknown_outcome', awsCode: 'NotFollowed' })
    expect(error.message).toContain('another replica')
  })

  test('where we may begin and not look', async () => {
    await fault('DescribeAccountAssignmentCreationStatus', 'expired-token', { times: null })
    const error = await failureOf(apply(create))
    expect(error).toMatchObject({ failure: 'unknown_outcome', operation: 'CreateAccountAssignment' })
  })
})

test('a look that fails is made again', async () => {
  await fault('DescribeAccountAssignmentCreationStatus', 'reset-after')
  await fault('DescribeAccountAssignmentCreationStatus', 'throttle')
  expect(await apply(create)).toMatchObject({ status: 'succeeded' })
  expect(us.governor.count('CreateAccountAssignment')).toBe(1)
})

test('a change that was stopped while it waited for its turn was never begun', async () => {
  await world.control('PUT', 'settings', { assignmentMs: 60_000 })
  const first = apply(create)
  const stop = new AbortController()
  const second = apply(remove, { ...normal, signal: stop.signal })
  stop.abort(new Error('no longer wanted'))
  await expect(second).rejects.toThrow('no longer wanted')
  await first
  expect(us.governor.count('DeleteAccountAssignment')).toBe(0)
})
