import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { ListUsersCommand } from '@aws-sdk/client-identitystore'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { tableNames } from '../../../src/emulator/state/tables.js'
import { AwsWorld, demo } from '../aws-world.js'
import { EventFeed } from './event-feed.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open({ settings: { assignmentMs: 2000 } })
})
beforeEach(() => world.control('POST', 'reset'))
afterAll(() => world[Symbol.asyncDispose]())

type State = Record<string, unknown> & {
  readonly counts: Record<string, number>
  readonly outstanding: readonly Record<string, unknown>[]
  readonly assignments: readonly unknown[]
}
const state = async (query = '') => (await world.control('GET', `state${query}`)) as State

const assign = (PrincipalId: string) =>
  world.clients.ssoAdmin.send(
    new CreateAccountAssignmentCommand({
      InstanceArn: demo.instanceArn,
      PermissionSetArn: demo.billingArn,
      PrincipalType: 'USER',
      PrincipalId,
      TargetType: 'AWS_ACCOUNT',
      TargetId: demo.sandbox,
    }),
  )

describe('GET /_emulator/state', () => {
  test('has every table, and how many rows are in each', async () => {
    const whole = await state()
    for (const name of tableNames) expect(whole[name]).toHaveLength(whole.counts[name] ?? NaN)
    expect(whole.counts).toMatchObject({ accounts: 7, users: 8, permissionSets: 5 })
  })

  test('has only the tables that are asked for; the counts and the rest stay', async () => {
    const whole = await state()
    const some = await state('?only=groups,users')
    const others = tableNames.filter((name) => name !== 'users' && name !== 'groups')
    expect(some).toEqual(
      Object.fromEntries(Object.entries(whole).filter(([name]) => !others.some((o) => o === name))),
    )
    expect(Object.keys(await state('?only='))).not.toContain('users')
  })

  test.each([
    ['?only=users,people', `only: there is no table people; the tables are ${tableNames.join(', ')}`],
    ['?only=__proto__', `only: there is no table __proto__; the tables are ${tableNames.join(', ')}`],
    ['?only=users&only=groups', 'only: give one list of tables, separated by commas'],
  ])('refuses %s', async (query, message) => {
    const response = await fetch(`${world.url}/_emulator/state${query}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ code: 'INVALID_INPUT', message })
  })

  test('tells what is outstanding until it has ended', async () => {
    await assign(demo.adaId)
    await world.advance(1)
    await assign(demo.devId)
    const { outstanding, assignments } = await state()
    expect(outstanding).toMatchObject([
      { kind: 'create', status: 'IN_PROGRESS', principalId: demo.adaId },
      { kind: 'create', status: 'IN_PROGRESS', principalId: demo.devId },
    ])
    // The clock alone: nothing but the question itself finds what is due.
    world.clock.advance(2000)
    const after = await state()
    expect(after.outstanding).toEqual([])
    expect(after.assignments.length).toBe(assignments.length + 2)
  })
})

describe('the clock', () => {
  test('tells what it is and when something is due', async () => {
    const now = '2026-11-22T12:00:00.000Z'
    world.clock.set(Date.parse(now))
    expect(await world.control('GET', 'clock')).toEqual({ now, kind: 'virtual', nextDueAt: null })
    await assign(demo.adaId)
    expect(await world.control('GET', 'clock')).toMatchObject({ nextDueAt: '2026-11-22T12:00:02.000Z' })
    await world.advance(2000)
    expect(await world.control('GET', 'clock')).toEqual({
      now: '2026-11-22T12:00:02.000Z',
      kind: 'virtual',
      nextDueAt: null,
    })
  })

  test('moved over several instants, each thing happens at its own, in order', async () => {
    const begin = world.clock.now()
    await assign(demo.adaId)
    await world.advance(300)
    await assign(demo.devId)
    await using feed = await EventFeed.open(world.url)
    await world.advance(10_000)
    const ended: [unknown, unknown][] = []
    for (;;) {
      const [message] = await feed.take(1)
      if (message?.event === 'clock') break
      const change = message?.data['change'] as { table: string; put?: { principalId?: string } }
      if (change.table === 'assignments') ended.push([message?.data['at'], change.put?.principalId])
    }
    expect(ended).toEqual([
      [begin + 2000, demo.adaId],
      [begin + 2300, demo.devId],
    ])
    expect(world.clock.now()).toBe(begin + 10_300)
  })
})

test('a reset brings back everything: rows, requests under way, settings, faults, limits and counts', async () => {
  const before = await state()
  await world.control('PUT', 'settings', { limits: true, shortPages: 0.5, readLagMs: 1000 })
  await world.control('POST', 'faults', { operation: 'scim:*', fault: { kind: 'error' }, times: null })
  await world.control('PUT', 'users/ada@example.com', { active: false })
  await assign(demo.adaId)
  await world.clients.identitystore.send(new ListUsersCommand({ IdentityStoreId: demo.identityStoreId }))
  expect(await world.control('GET', 'calls')).toMatchObject({ limits: [{}, {}] })
  await world.control('POST', 'reset')
  await world.advance(5000)
  const after = await state()
  expect({ ...after, now: '' }).toEqual({ ...before, now: '' })
  expect(await world.control('GET', 'faults')).toEqual({ faults: [] })
  expect(await world.control('GET', 'calls')).toEqual({ calls: {}, callers: {}, limits: [] })
  expect(await world.control('GET', 'clock')).toMatchObject({ nextDueAt: null })
})
