/**
 * Syncs that elsewhere stood still, went round in circles, or drowned in calls: by the name of where it was reported,
 * over the store, the adapters and the emulator.
 */
import { DeleteGroupCommand } from '@aws-sdk/client-identitystore'
import { afterEach, expect, test } from 'vitest'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld, type Settings } from '../reconcile/sync-world.js'
import {
  added,
  callsOf,
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

async function deleteGroup(name: string): Promise<void> {
  const input = { IdentityStoreId: demo.identityStoreId, GroupId: (await inAws(world)).idOf(name) }
  await world.aws.clients.identitystore.send(new DeleteGroupCommand(input))
}

test('ssosync #329, #330: an unchanged state writes nothing, also after a restart', async () => {
  await begin(team(3))
  const changes = await world.store.changes.list(plugin, { limit: 100 })
  await runner[Symbol.asyncDispose]()
  const next = world.runner('next')
  await scanned(world, next)
  const report = await next.cycle()
  expect(report?.plan.actions).toEqual([])
  expect(await world.store.changes.list(plugin, { limit: 100 })).toEqual(changes)
})

test('ssosync #65, #81: pages that come short or empty hide nobody, so nothing is made twice', async () => {
  await begin(team(3))
  const inUse = await inAws(world)
  await world.aws.control('PUT', 'settings', { shortPages: 0.7 })
  await scanned(world, runner)
  const report = await runner.cycle()
  expect(report?.plan.actions).toEqual([])
  expect(added(inUse, await inAws(world)).users).toEqual([])
})

test('idp-scim-sync #48, #45: a first sync that dies half-way is gone on with, without one user or group twice', async () => {
  world = await SyncWorld.open()
  before = await inAws(world)
  await team(4)(world)
  let steps = 0
  const onStep = () => (++steps > 9 ? Promise.reject(new Error('dead')) : Promise.resolve())
  const mortal = world.runner('mortal', { onStep })
  await scanned(world, mortal)
  await expect(settle(mortal)).rejects.toThrow('dead')
  const heir = world.runner('heir')
  await world.aws.advance(20_000)
  await settle(heir)
  expect(added(before, await inAws(world))).toEqual({
    users: people(4),
    groups: ['team'],
    members: people(4).map((name) => `team: ${name}`),
    assignments: [`team ${demo.sandbox}/${demo.readOnlyArn}`],
  })
})

test('idp-scim-sync #62, #98, authentik #14617: a group of more than 100 has every member, and can lose them', async () => {
  const removals = { memberships: { count: 1000, share: 1 } }
  await begin(team(130), { aws_ic: { guard: { removals } } })
  expect(added(before, await inAws(world)).members).toHaveLength(130)
  await leave(world, people(130).slice(0, 110))
  await settle(runner)
  const left = people(130).slice(110)
  expect(added(before, await inAws(world)).members).toEqual(left.map((name) => `team: ${name}`))
})

test('ssosync #353, #354, authentik #5654: a sync that does not get on says so, with cause and remedy, until it does', async () => {
  await begin(team(1))
  await world.fault('scim:CreateUser', 'error', null)
  await world.user('late@example.com')
  await runner.cycle()
  await runner.cycle()
  const { lastSync, errors } = await runner.state()
  expect(lastSync?.success).toBe(false)
  expect(errors).toMatchObject([{ kind: 'user', name: 'late@example.com' }])
  expect(errors[0]?.says).not.toBe('')
  expect(errors[0]?.remedy).not.toBe('')
  await world.aws.control('DELETE', 'faults')
  await world.timers.sleep(3_600_000)
  await settle(runner)
  expect((await runner.state()).errors).toEqual([])
  expect((await runner.state()).lastSync?.success).toBe(true)
})

test('keycloak-scim #73, Captain-P-Goldfish/scim-for-keycloak #149: groups and who comes and goes reach AWS', async () => {
  await begin(team(3))
  await world.user('late@example.com')
  await world.list('team', [sandboxReadOnly], ['late@example.com'])
  await leave(world, ['p000@example.com', 'p001@example.com'])
  await settle(runner)
  expect(added(before, await inAws(world)).members).toEqual([
    'team: late@example.com',
    'team: p002@example.com',
  ])
  expect((await runner.state()).errors).toEqual([])
})

test('Teleport #60798, authentik #5396: a group deleted in AWS is made again with members and assignments', async () => {
  await begin(team(2))
  const id = (await inAws(world)).idOf('team')
  await deleteGroup('team')
  await scanned(world, runner)
  await settle(runner)
  const ours = added(before, await inAws(world))
  expect(ours.members).toHaveLength(2)
  expect(ours.assignments).toContain(`team ${demo.sandbox}/${demo.readOnlyArn}`)
  expect((await inAws(world)).idOf('team')).not.toBe(id)
  expect((await runner.plan()).plan.actions).toEqual([])
})

test('Teleport #60798: where policy says so it waits for a person, and nothing is tried meanwhile', async () => {
  await begin(team(2), { aws_ic: { restore_deleted_groups: 'ask' } })
  await deleteGroup('team')
  await scanned(world, runner)
  await settle(runner)
  const changes = await world.store.changes.list(plugin, { limit: 100 })
  await settle(runner)
  expect(await world.store.changes.list(plugin, { limit: 100 })).toEqual(changes)
  expect((await inAws(world)).groups).not.toContain('team')
  const { plan } = await runner.plan()
  expect(plan.actions[0]?.holds.map(({ rule }) => rule)).toEqual(['restore'])
})

test('Teleport #60798: a change of a group that is gone is no endless retry, even before AWS was read again', async () => {
  await begin(team(2))
  await deleteGroup('team')
  await world.user('late@example.com')
  await world.list('team', [sandboxReadOnly, sandboxBilling], ['late@example.com'])
  await settle(runner)
  // The group was made so shortly before that AWS might not show it yet.
  await world.aws.advance(5000)
  await settle(runner)
  const ours = added(before, await inAws(world))
  expect(ours.members).toHaveLength(3)
  expect(ours.assignments.filter((line) => line.startsWith('team '))).toHaveLength(2)
})

test('Teleport #48960, Google Workspace: a group comes with its permission sets in the same run', async () => {
  world = await SyncWorld.open()
  before = await inAws(world)
  await team(1)(world)
  runner = world.runner()
  await scanned(world, runner)
  const report = await runner.cycle()
  expect(report?.result?.failed).toEqual([])
  expect(added(before, await inAws(world)).assignments).toEqual([`team ${demo.sandbox}/${demo.readOnlyArn}`])
})

test('Teleport #48959: a group goes in the next run after its last grant, not in the one after a timer', async () => {
  await begin(team(1))
  await world.list('team', [], people(1))
  const began = world.timers.now()
  await settle(runner)
  expect((await inAws(world)).groups).not.toContain('team')
  expect(world.timers.now() - began).toBeLessThan(60_000)
})

test('ssosync #17, authentik #20411: one membership costs a handful of calls, whatever the size of the directory', async () => {
  await begin(team(60))
  await world.user('late@example.com')
  await settle(runner)
  const calls = await callsOf(world, async () => {
    await world.list('team', [sandboxReadOnly], ['late@example.com'])
    await settle(runner)
  })
  expect(Object.values(calls).reduce((sum, count) => sum + count, 0)).toBeLessThan(6)
  expect(Object.keys(calls).some((name) => name.endsWith('PatchGroup'))).toBe(true)
})

test('ssosync #2, #13, Glide #620, authentik #6335, terraform-provider-aws #25552: at the limits of AWS everything arrives', async () => {
  world = await SyncWorld.open()
  await world.aws.control('PUT', 'settings', { limits: true })
  before = await inAws(world)
  await team(70)(world)
  runner = world.runner()
  await scanned(world, runner)
  const began = world.timers.now()
  await settle(runner)
  expect(added(before, await inAws(world)).members).toHaveLength(70)
  expect((await runner.state()).errors).toEqual([])
  // 25 writes a second is what AWS takes: it took its time, and nobody gave up.
  expect(world.timers.now() - began).toBeGreaterThan(2000)
})

test('ssosync #13: being throttled is waited for and is nobody’s error', async () => {
  await begin(team(1))
  await world.fault('scim:CreateUser', 'throttle', 3)
  await world.user('late@example.com')
  await settle(runner)
  expect((await inAws(world)).users).toContain('late@example.com')
  expect((await runner.state()).errors).toEqual([])
})
