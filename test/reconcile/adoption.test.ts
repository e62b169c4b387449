/** A person agrees to take over what somebody else made: it keeps what it has, and nothing of that is drift. */
import {
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  CreateUserCommand,
} from '@aws-sdk/client-identitystore'
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { afterEach, beforeEach, expect, test } from 'vitest'
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

test('a user keeps direct assignments and its place in groups of ours as found', async () => {
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

test('a group keeps its members and its assignments as found, beside what the list gives', async () => {
  const id = await foreignUser('stranger@example.com')
  const made = await world.aws.clients.identitystore.send(
    new CreateGroupCommand({ ...store, DisplayName: 'late' }),
  )
  const group = made.GroupId ?? ''
  await join(group, id)
  await assign('GROUP', group, demo.billingArn)
  await world.list('late', [sandboxReadOnly], ['ada@example.com'])
  await scanned(world, runner)
  await agree('group.adopt')
  await expectQuiet()
  const { observation } = await runner.plan()
  expect(observation.members.get(group)?.has(id)).toBe(true)
  expect(observation.members.get(group)?.size).toBe(2)
  expect([...(observation.assignments.get(`group/${group}`) ?? [])].sort()).toEqual(
    [`${demo.production}/${demo.billingArn}`, `${demo.sandbox}/${demo.readOnlyArn}`].sort(),
  )
})

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
