/** A person agrees to take over what somebody else made: a user keeps direct assignments, a group becomes what its list says. */
import {
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  CreateUserCommand,
  DeleteGroupCommand,
} from '@aws-sdk/client-identitystore'
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { emptyInventory } from '../../src/core/inventory/inventory.js'
import { describePlan } from '../../src/core/plan/describe.js'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld } from './sync-world.js'

let world: SyncWorld
let runner: PluginSyncRunner
const store = { IdentityStoreId: demo.identityStoreId }
const sandboxReadOnly = `assignment/${demo.sandbox}/${demo.readOnlyArn}`

beforeEach(async () => {
  world = await SyncWorld.open({ aws_ic: { drift: 'revert' } })
  await world.user('ada@example.com')
  await world.list('explorers', [sandboxReadOnly], ['ada@example.com'])
  runner = world.runner()
  await scanned(world, runner)
  await settle(runner)
})
afterEach(() => world[Symbol.asyncDispose]())

async function foreignUser(userName: string): Promise<string> {
  const input = {
    ...store,
    UserName: userName,
    DisplayName: userName,
    Name: { GivenName: 'G', FamilyName: 'F' },
  }
  const { UserId = '' } = await world.aws.clients.identitystore.send(new CreateUserCommand(input))
  return UserId
}

async function assign(PrincipalType: 'USER' | 'GROUP', PrincipalId: string, arn: string): Promise<void> {
  const target = {
    InstanceArn: demo.instanceArn,
    TargetId: demo.production,
    TargetType: 'AWS_ACCOUNT',
  } as const
  const input = { ...target, PermissionSetArn: arn, PrincipalType, PrincipalId }
  await world.aws.clients.ssoAdmin.send(new CreateAccountAssignmentCommand(input))
  await world.aws.advance(30_000)
}

async function join(GroupId: string, UserId: string): Promise<void> {
  const input = { ...store, GroupId, MemberId: { UserId } }
  await world.aws.clients.identitystore.send(new CreateGroupMembershipCommand(input))
}

/** The one adoption that waits, agreed to by a person. */
async function agree(kind: 'user.adopt' | 'group.adopt'): Promise<void> {
  const { plan } = await runner.plan()
  const held = plan.actions.find(({ action }) => action.kind === kind)
  expect(held?.holds.map(({ rule }) => rule)).toEqual(['adoption'])
  const now = world.timers.now()
  const approval = { key: held?.action.key ?? '', by: 'ada@example.com', at: now, expiresAt: now + 3_600_000 }
  await world.store.approvals.put(plugin, [approval])
  await settle(runner)
}

/** After a full look there is nothing to do and nothing to tell. */
async function expectQuiet(): Promise<void> {
  await scanned(world, runner)
  await settle(runner)
  const { plan } = await runner.plan()
  expect(plan.actions).toEqual([])
  expect(plan.drift).toEqual([])
}

test('a user keeps direct assignments as found', async () => {
  const id = await foreignUser('late@example.com')
  await assign('USER', id, demo.billingArn)
  const explorers = await world.store.principalLinks.find(plugin, 'group', 'explorers')
  await join(explorers?.awsId ?? '', id)
  await world.user('late@example.com')
  await scanned(world, runner)
  await agree('user.adopt')
  await expectQuiet()
  const rows = await world.store.ledger.listOf(plugin, `user/${id}`)
  expect(rows.map(({ target, reasons }) => [target, reasons])).toEqual([
    [`${demo.production}/${demo.billingArn}`, [{ kind: 'found' }]],
  ])
  expect((await world.store.principalLinks.find(plugin, 'user', 'late@example.com'))?.origin).toBe('adopted')
})

/** A group of others with a member and an assignment, and a list of its name that has and gives something else. */
async function foreignGroup(): Promise<{ group: string; stranger: string; ada: string }> {
  const stranger = await foreignUser('stranger@example.com')
  const made = await world.aws.clients.identitystore.send(
    new CreateGroupCommand({ ...store, DisplayName: 'late' }),
  )
  const group = made.GroupId ?? ''
  await join(group, stranger)
  await assign('GROUP', group, demo.billingArn)
  await world.list('late', [sandboxReadOnly], ['ada@example.com'])
  await scanned(world, runner)
  // It is read once it is known that it could be taken over.
  for (let times = 0; times < 2; times++) await settle(runner)
  const ada = await world.store.principalLinks.find(plugin, 'user', 'ada@example.com')
  return { group, stranger, ada: ada?.awsId ?? '' }
}

const foreignPair = `${demo.production}/${demo.billingArn}`
const listPair = `${demo.sandbox}/${demo.readOnlyArn}`

async function held(group: string) {
  const { observation } = await runner.plan()
  const members = [...(observation.members.get(group) ?? [])].sort()
  return { members, pairs: [...(observation.assignments.get(`group/${group}`) ?? [])].sort() }
}

/** What was changed in AWS of the group, in the order in which it began. */
async function changesOf(group: string): Promise<string[]> {
  const records = await world.store.changes.list(plugin, { limit: 1000 })
  const ofGroup = records.filter(({ key }) => key.includes(group) && !/^(?:ledger|group)/.test(key))
  // Told newest first.
  return ofGroup
    .reverse()
    .sort((a, b) => a.begunAt - b.begunAt)
    .map(({ key }) => key.slice(0, key.indexOf(' ')))
}

async function setPlugin(aws_ic: Readonly<Record<string, unknown>>): Promise<void> {
  const { document } = (await world.store.resources.find('plugin', plugin)) ?? {}
  const { spec } = z
    .object({ spec: z.object({ settings: z.object({ aws_ic: z.looseObject({}) }) }) })
    .parse(document)
  await world.put('plugin', plugin, { settings: { aws_ic: { ...spec.settings.aws_ic, ...aws_ic } } })
}

test('a group becomes what the list says, and nobody is added before what it gave is gone', async () => {
  const { group, stranger, ada } = await foreignGroup()
  const told = await describeNow()
  expect(told.actions.find(({ kind }) => kind === 'group.adopt')?.holds.map(({ says }) => says)).toEqual([
    'Identity Center has a group late that Gatehouse did not make; taking it over needs a person.',
    expect.stringMatching(
      /^It has 1 assignment beyond the access list, to be removed before anybody .*: arn:.* in /,
    ),
    expect.stringMatching(
      /^It has 1 member beyond the access list, to be removed before .*: stranger@example.com\.$/,
    ),
  ])
  expect(told.effects.map(({ person, change, permissionSet }) => [person, change, permissionSet])).toEqual([
    ['stranger@example.com', 'loses', demo.billingArn],
  ])
  await agree('group.adopt')
  await expectQuiet()
  expect(await held(group)).toEqual({ members: [ada], pairs: [listPair] })
  expect(
    (await world.store.ledger.listOf(plugin, `group/${group}`)).flatMap(({ reasons }) => reasons),
  ).toEqual([
    { kind: 'list', list: 'late' },
    { kind: 'list', list: 'late' },
  ])
  expect(stranger).not.toBe(ada)
  const changes = await changesOf(group)
  expect([...changes].sort()).toEqual([
    'assignment.create',
    'assignment.delete',
    'members.add',
    'members.remove',
  ])
  expect(changes.indexOf('members.add')).toBeGreaterThan(changes.indexOf('assignment.delete'))
  expect(changes.indexOf('assignment.create')).toBeGreaterThan(changes.indexOf('members.remove'))
})

test('where the guard holds what goes, nobody is added and nothing is given, and the plan says why', async () => {
  const none = { count: 0, share: 0 }
  await setPlugin({ guard: { removals: { assignments: none, memberships: none } } })
  const { group, stranger } = await foreignGroup()
  await agree('group.adopt')
  expect(await held(group)).toEqual({ members: [stranger], pairs: [foreignPair] })
  const { actions } = await describeNow()
  const because = actions.map(({ kind, because: words }) => `${kind}: ${words}`)
  expect(because).toContainEqual(
    expect.stringMatching(/^members.add: .*waits for: Remove arn:.* from late \(a person has to agree/),
  )
  expect(because).toContainEqual(
    expect.stringMatching(/^assignment.create: .*waits for: Remove stranger@example.com from/),
  )
})

test('where deviations are only reported, additions wait for a person', async () => {
  await setPlugin({ drift: 'report' })
  const { group, stranger } = await foreignGroup()
  await agree('group.adopt')
  expect(await held(group)).toEqual({ members: [stranger], pairs: [foreignPair] })
  const { plan } = await runner.plan()
  const waiting = plan.actions.map(({ action, holds }) => [action.kind, ...holds.map(({ rule }) => rule)])
  expect(waiting).toEqual([
    ['members.add', 'adoption'],
    ['assignment.create', 'adoption'],
  ])
  expect(plan.drift.map(({ kind, action }) => [kind, action])).toEqual([
    ['assignment', undefined],
    ['membership', undefined],
  ])
})

async function describeNow() {
  const now = await runner.plan()
  return describePlan({ ...now, inventory: emptyInventory })
}

test('without a person nothing is taken over, and nothing of it is drift', async () => {
  const id = await foreignUser('late@example.com')
  await assign('USER', id, demo.billingArn)
  await world.user('late@example.com')
  await scanned(world, runner)
  await settle(runner)
  const { plan } = await runner.plan()
  expect(plan.actions.map(({ action }) => action.kind)).toEqual(['user.adopt'])
  expect(plan.drift).toEqual([])
  expect(await world.store.ledger.listOf(plugin, `user/${id}`)).toEqual([])
})

test('T19: a group that was taken over outlives its last grant, and goes after the delay once its list is deleted', async () => {
  await setPlugin({ deletion_delay: '48h' })
  const { group, ada } = await foreignGroup()
  await agree('group.adopt')
  await world.list('late', [], ['ada@example.com'])
  await settle(runner)
  await expectQuiet()
  await world.aws.advance(72 * 3_600_000)
  await expectQuiet()
  expect(await held(group)).toEqual({ members: [ada], pairs: [] })
  await world.remove('access_list', 'late')
  await settle(runner)
  expect((await runner.plan()).observation.groups?.has(group)).toBe(true)
  await world.aws.advance(49 * 3_600_000)
  await settle(runner)
  await scanned(world, runner)
  expect((await runner.plan()).observation.groups?.has(group)).toBe(false)
})

test('T19: one that somebody deleted meanwhile is not made again for a list that gives nothing', async () => {
  const { group } = await foreignGroup()
  await agree('group.adopt')
  await world.list('late', [], ['ada@example.com'])
  await settle(runner)
  const creations = async () => {
    const records = await world.store.changes.list(plugin, { limit: 1000 })
    return records.filter(({ key }) => key.startsWith('group.create ')).length
  }
  const before = await creations()
  await world.aws.clients.identitystore.send(new DeleteGroupCommand({ ...store, GroupId: group }))
  await expectQuiet()
  expect(await creations()).toBe(before)
  expect(await world.store.principalLinks.find(plugin, 'group', 'late')).toBeUndefined()
})
