import { DescribeUserCommand, ListGroupMembershipsCommand } from '@aws-sdk/client-identitystore'
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld } from './sync-world.js'

let world: SyncWorld
let runner: PluginSyncRunner
const sandboxReadOnly = `assignment/${demo.sandbox}/${demo.readOnlyArn}`

beforeEach(async () => {
  world = await SyncWorld.open({ aws_ic: { drift: 'revert' } })
  await world.user('ada@example.com')
  await world.user('grace@example.com', [sandboxReadOnly])
  await world.list('explorers', [sandboxReadOnly], ['grace@example.com', 'ada@example.com'])
  runner = world.runner()
  await scanned(world, runner)
  await settle(runner)
})
afterEach(() => world[Symbol.asyncDispose]())

async function linkOf(kind: 'user' | 'group', name: string): Promise<string> {
  const link = await world.store.principalLinks.find(plugin, kind, name)
  if (link === undefined) throw new Error(`${name} has no link`)
  return link.awsId
}

async function membersOf(list: string): Promise<number> {
  const input = { IdentityStoreId: demo.identityStoreId, GroupId: await linkOf('group', list) }
  const answer = await world.aws.clients.identitystore.send(new ListGroupMembershipsCommand(input))
  return answer.GroupMemberships?.length ?? 0
}

test('a locked user is deactivated first, then loses assignments and memberships (T21)', async () => {
  await world.put('lock', 'leaver', { target: { user: 'grace@example.com' }, message: 'left' }, 'v2')
  await settle(runner)
  const changes = await world.store.changes.list(plugin, { limit: 100 })
  const order = changes.map(({ key }) => key).reverse()
  const kinds = changes.map(({ action }) => (action as { kind: string }).kind).reverse()
  const off = kinds.indexOf('user.deactivate')
  expect(off).toBeGreaterThan(0)
  expect(kinds.indexOf('assignment.delete')).toBeGreaterThan(off)
  expect(kinds.lastIndexOf('members.remove')).toBeGreaterThan(off)
  expect(new Set(order).size).toBe(order.length)
  const input = { IdentityStoreId: demo.identityStoreId, UserId: await linkOf('user', 'grace@example.com') }
  const user = await world.aws.clients.identitystore.send(new DescribeUserCommand(input))
  expect(user.UserStatus).toBe('DISABLED')
  expect(await membersOf('explorers')).toBe(1)
})

test('a lock on a connector deactivates whom it signs in, and nobody else (T21)', async () => {
  const created_by = { connector: { id: 'okta' } }
  const who = { roles: [sandboxReadOnly], traits: { email: ['hopper@example.com'] } }
  await world.put('user', 'hopper@example.com', { ...who, created_by }, 'v2')
  await settle(runner)
  await world.put('lock', 'okta-broken', { target: { connector: 'okta' }, message: 'broken in' }, 'v2')
  await settle(runner)
  const statusOf = async (name: string) => {
    const input = { IdentityStoreId: demo.identityStoreId, UserId: await linkOf('user', name) }
    return (await world.aws.clients.identitystore.send(new DescribeUserCommand(input))).UserStatus
  }
  expect(await statusOf('hopper@example.com')).toBe('DISABLED')
  expect(await statusOf('grace@example.com')).toBe('ENABLED')
  const kinds = (await world.store.changes.list(plugin, { limit: 100 })).map(
    ({ action }) => (action as { kind: string }).kind,
  )
  expect(kinds).toContain('assignment.delete')
})

test('an assignment that somebody else made on a group of ours is found, told and taken back (T20)', async () => {
  const { clients } = world.aws
  await clients.ssoAdmin.send(
    new CreateAccountAssignmentCommand({
      InstanceArn: demo.instanceArn,
      TargetId: demo.production,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: demo.billingArn,
      PrincipalType: 'GROUP',
      PrincipalId: await linkOf('group', 'explorers'),
    }),
  )
  await world.aws.advance(30_000)
  await scanned(world, runner)
  await settle(runner)
  const { plan, observation } = await runner.plan()
  expect(plan.actions).toEqual([])
  const pairs = observation.assignments.get(`group/${await linkOf('group', 'explorers')}`)
  expect([...(pairs ?? [])]).toEqual([`${demo.sandbox}/${demo.readOnlyArn}`])
  const foreign = [...observation.assignments.values()].reduce((sum, one) => sum + one.size, 0)
  expect(foreign).toBeGreaterThan(10)
})

test('a membership that ends by time is taken away at its end and not before', async () => {
  const [member] = (await world.store.members.list('explorers')).filter(
    ({ name }) => name === 'ada@example.com',
  )
  if (member === undefined) throw new Error('no member')
  const expiresAt = world.timers.now() + 3_600_000
  await world.store.members.put([{ ...member, expiresAt }])
  await settle(runner)
  expect(await membersOf('explorers')).toBe(2)
  expect((await runner.plan()).plan.nextChangeAt).toBe(expiresAt)
  await world.aws.advance(3_600_000)
  await settle(runner)
  expect(await membersOf('explorers')).toBe(1)
})

test('every change of AWS has its intent and its outcome in the log', async () => {
  await world.store.audit.chain(1000, (previous, json) => `${previous.length}${json.length}`)
  const events = (await world.store.audit.list({ limit: 1000, order: 'asc' })).map(
    ({ json }) => JSON.parse(json) as { event: string; phase?: string; change_id?: string },
  )
  const phases = (phase: string) =>
    events
      .filter((event) => event.phase === phase)
      .map(({ change_id }) => change_id)
      .sort()
  const changes = await world.store.changes.list(plugin, { limit: 1000 })
  expect(phases('intent')).toEqual(changes.map(({ id }) => id).sort())
  expect(phases('outcome')).toEqual(expect.arrayContaining(phases('intent')))
  expect(events.map(({ event }) => event)).toContain('aws_identity_center.resource_sync.success')
})

test('a paused sync plans and changes nothing', async () => {
  const before = (await world.store.changes.list(plugin, { limit: 100 })).length
  const resource = await world.store.resources.find('plugin', plugin)
  const document = JSON.parse(JSON.stringify(resource?.document).replace('"active"', '"paused"')) as {
    spec: unknown
  }
  await world.put('plugin', plugin, document.spec)
  await world.user('new@example.com')
  const report = await runner.cycle()
  expect(report?.result).toBeUndefined()
  expect(report?.plan.actions.map(({ action }) => action.kind)).toEqual(['user.create'])
  expect(await world.store.changes.list(plugin, { limit: 100 })).toHaveLength(before)
})

test('the loop does by itself what has to be done, within a second of a change', async () => {
  const stop = new AbortController()
  const looping = runner.loop(stop.signal)
  await world.user('late@example.com')
  const began = world.timers.now()
  runner.wake()
  while ((await world.store.principalLinks.find(plugin, 'user', 'late@example.com')) === undefined) {
    await world.timers.sleep(50)
    expect(world.timers.now() - began).toBeLessThan(2000)
  }
  stop.abort()
  await looping
})
