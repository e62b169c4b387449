/**
 * The worst that happened elsewhere: a sync that takes away what it should have kept. By the name of where it was
 * reported, over the store, the adapters and the emulator.
 */
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { afterEach, expect, test } from 'vitest'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld, type Settings } from '../reconcile/sync-world.js'
import {
  added,
  inAws,
  inStep,
  leave,
  people,
  sandboxBilling,
  sandboxReadOnly,
  team,
  type InAws,
} from './in-aws.js'

let world: SyncWorld
let runner: PluginSyncRunner
let before: InAws
afterEach(() => world[Symbol.asyncDispose]())

async function begin(make: (world: SyncWorld) => Promise<void>, settings: Settings = {}): Promise<void> {
  ;({ world, runner, before } = await inStep(make, settings))
}

async function assign(principalType: 'USER' | 'GROUP', principalId: string): Promise<void> {
  await world.aws.clients.ssoAdmin.send(
    new CreateAccountAssignmentCommand({
      InstanceArn: demo.instanceArn,
      TargetId: demo.production,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: demo.billingArn,
      PrincipalType: principalType,
      PrincipalId: principalId,
    }),
  )
  await world.aws.advance(30_000)
}

async function holds(): Promise<string[]> {
  const { plan } = await runner.plan()
  return plan.actions.flatMap((one) => one.holds.map(({ rule }) => `${one.action.kind} ${rule}`)).sort()
}

test('ssosync README, ssosync #88: users and groups of others stay, whatever becomes of ours', async () => {
  await begin(team(3), { aws_ic: { drift: 'revert', deletion_delay: '1s' } })
  expect(added(before, await inAws(world)).groups).toEqual(['team'])
  await world.remove('access_list', 'team')
  for (const name of people(3)) await world.remove('user', name)
  await settle(runner)
  await scanned(world, runner)
  await settle(runner)
  const nothing = { users: [], groups: [], members: [], assignments: [] }
  expect(added(await inAws(world), before)).toEqual(nothing)
  expect(added(before, await inAws(world))).toEqual(nothing)
})

test('ssosync PR 105: where all lists are gone, their groups wait for a person, with members and assignments', async () => {
  const lists = Array.from({ length: 30 }, (_, at) => `list-${at}`)
  await begin(async (here) => {
    await here.user('p000@example.com')
    for (const list of lists) await here.list(list, [sandboxReadOnly], people(1))
  })
  const inUse = await inAws(world)
  for (const list of lists) await world.remove('access_list', list)
  await settle(runner)
  expect(added(await inAws(world), inUse)).toEqual({ users: [], groups: [], members: [], assignments: [] })
  expect(await holds()).toEqual(expect.arrayContaining(lists.map(() => 'group.delete removals')))
})

test('ssosync PR 105: and where one is gone, its group goes by itself', async () => {
  await begin(team(1))
  await world.remove('access_list', 'team')
  await settle(runner)
  expect((await inAws(world)).groups).not.toContain('team')
})

test('ssosync #159, #194, authentik #19295: where everybody is gone from the source, a person is asked first', async () => {
  await begin(team(12))
  const inUse = await inAws(world)
  for (const name of people(12)) await world.remove('user', name)
  await settle(runner)
  const { users, members, assignments } = await inAws(world)
  expect({ users, assignments }).toEqual({ users: inUse.users, assignments: inUse.assignments })
  expect(members).toEqual(inUse.members)
  expect(await holds()).toEqual(expect.arrayContaining(people(12).map(() => 'user.deactivate removals')))
})

test('ssosync #159: and where one is gone, that one is deactivated without asking', async () => {
  await begin(team(12))
  await world.remove('user', 'p000@example.com')
  await settle(runner)
  expect((await inAws(world)).users).toContain('p000@example.com (off)')
  expect(await holds()).toEqual([])
})

test('ssosync #236: memberships beyond the limit wait for exactly their approval, and others go on', async () => {
  await begin(team(6), { aws_ic: { guard: { removals: { memberships: { count: 2, share: 0 } } } } })
  await leave(world, people(6).slice(0, 3))
  await world.user('new@example.com')
  await settle(runner)
  const ours = added(before, await inAws(world))
  expect(ours.members).toHaveLength(6)
  expect(ours.users).toContain('new@example.com')
  const { plan } = await runner.plan()
  const held = plan.actions.filter((one) => one.holds.length > 0).map(({ action }) => action.key)
  const now = world.timers.now()
  const approval = { by: 'ada@example.com', at: now, expiresAt: now + 3_600_000 }
  await world.store.approvals.put(
    plugin,
    held.map((key) => ({ ...approval, key })),
  )
  await settle(runner)
  expect(added(before, await inAws(world)).members).toHaveLength(3)
})

test('ssosync #236: memberships within the limit go at once', async () => {
  await begin(team(6), { aws_ic: { guard: { removals: { memberships: { count: 2, share: 0 } } } } })
  await leave(world, people(6).slice(0, 2))
  await settle(runner)
  expect(added(before, await inAws(world)).members).toHaveLength(4)
})

test('ssosync PR 38: what would be done can be seen before any of it is done', async () => {
  world = await SyncWorld.open({ sync: 'paused' })
  before = await inAws(world)
  await team(2)(world)
  runner = world.runner()
  await scanned(world, runner)
  await runner.cycle()
  const { plan } = await runner.plan()
  expect(plan.actions.map(({ action }) => action.kind)).toEqual([
    'user.create',
    'user.create',
    'group.create',
    'assignment.create',
  ])
  const nothing = { users: [], groups: [], members: [], assignments: [] }
  expect(added(before, await inAws(world))).toEqual(nothing)
  expect(added(await inAws(world), before)).toEqual(nothing)
})

test('idp-scim-sync #70: with limits of zero nothing is ever removed without a person', async () => {
  const none = { count: 0, share: 0 }
  const removals = { users: none, groups: none, memberships: none, assignments: none }
  await begin(team(3), { aws_ic: { guard: { removals } } })
  const inUse = await inAws(world)
  await world.remove('user', 'p000@example.com')
  await leave(world, ['p001@example.com'])
  await world.put('access_list', 'team', {
    title: 'team',
    owners: [{ name: 'ada@example.com' }],
    grants: { roles: [sandboxBilling] },
  })
  await settle(runner)
  expect(added(await inAws(world), inUse)).toEqual({ users: [], groups: [], members: [], assignments: [] })
  // Nor is the group given more while somebody is in it whose removal waits.
  expect(added(inUse, await inAws(world)).assignments).toEqual([])
})

test('sso-elevator #3, #108: what was assigned by hand to people who are not ours stays', async () => {
  await begin(team(1), { aws_ic: { drift: 'revert' } })
  await assign('USER', demo.devId)
  const byHand = await inAws(world)
  await scanned(world, runner)
  await settle(runner)
  expect((await inAws(world)).assignments).toEqual(byHand.assignments)
})

test('sso-elevator #3, #108: what a person had when they became ours stays, beside all that roles give and take', async () => {
  world = await SyncWorld.open({ aws_ic: { drift: 'revert' } })
  await assign('USER', demo.devId)
  const byHand = `dev@example.com ${demo.production}/${demo.billingArn}`
  expect((await inAws(world)).assignments).toContain(byHand)
  await world.user('dev@example.com', [sandboxReadOnly])
  runner = world.runner()
  for (const roles of [[sandboxReadOnly], []]) {
    await world.user('dev@example.com', roles)
    // Every day it is looked at again.
    for (let days = 0; days < 3; days++) {
      await scanned(world, runner)
      await settle(runner)
      await world.aws.advance(24 * 3_600_000)
    }
    const { assignments } = await inAws(world)
    expect(assignments).toContain(byHand)
    const given = assignments.includes(`dev@example.com ${demo.sandbox}/${demo.readOnlyArn}`)
    expect(given).toBe(roles.length > 0)
  }
})

test('ssosync #179, #286: what was made by hand on our group is told, and taken away only where policy says so', async () => {
  for (const drift of ['report', 'revert'] as const) {
    await begin(team(1), { aws_ic: { drift } })
    const group = (await inAws(world)).idOf('team') ?? ''
    await assign('GROUP', group)
    await scanned(world, runner)
    const told = (await runner.plan()).plan.drift.map(({ kind }) => kind)
    expect(told).toEqual(['assignment'])
    await settle(runner)
    const stays = (await inAws(world)).assignments.includes(`team ${demo.production}/${demo.billingArn}`)
    expect(stays).toBe(drift === 'report')
    if (drift === 'report') await world[Symbol.asyncDispose]()
  }
})

test('ssosync #358, #361: who gets the address of somebody who left inherits nothing', async () => {
  await begin(async (here) => {
    await team(2)(here)
    await here.user('p000@example.com', [sandboxBilling])
  })
  await world.remove('user', 'p000@example.com')
  await leave(world, ['p000@example.com'])
  await settle(runner)
  await world.user('p000@example.com')
  await settle(runner)
  const { users, members, assignments } = await inAws(world)
  expect(users).toContain('p000@example.com')
  expect([...members, ...assignments].filter((line) => line.includes('p000@'))).toEqual([])
})

test('ssosync #358, #361: an account that others made under the name is bound by a person alone', async () => {
  await begin(team(1))
  const id = await world.scim.makeUser('late@example.com')
  await assign('USER', id)
  await scanned(world, runner)
  await world.user('late@example.com', [sandboxReadOnly])
  await settle(runner)
  expect(await holds()).toEqual(['user.adopt adoption'])
  expect(await world.store.principalLinks.find(plugin, 'user', 'late@example.com')).toBeUndefined()
  const { assignments } = await inAws(world)
  expect(assignments.filter((line) => line.startsWith('late@'))).toEqual([
    `late@example.com ${demo.production}/${demo.billingArn}`,
  ])
})

test('Teleport docs: a group of others with the name of a list keeps its members', async () => {
  await begin(team(1))
  const stranger = await world.scim.makeUser('stranger@example.com')
  await world.scim.makeGroup('pushed', [stranger])
  await scanned(world, runner)
  await world.list('pushed', [sandboxReadOnly], people(1))
  await settle(runner)
  const { members, assignments } = await inAws(world)
  expect(members.filter((line) => line.startsWith('pushed'))).toEqual(['pushed: stranger@example.com'])
  expect(assignments.filter((line) => line.startsWith('pushed'))).toEqual([])
  expect(await holds()).toContain('group.adopt adoption')
})
