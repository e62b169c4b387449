/** T7 in AWS: a list made under the name of a deleted one has its group, and nothing of what was in it. */
import { CreateGroupCommand, CreateGroupMembershipCommand } from '@aws-sdk/client-identitystore'
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { afterEach, describe, expect, test } from 'vitest'
import { releaseGroups } from '../../src/kinds/access_list/release-group.js'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld } from '../reconcile/sync-world.js'
import { inAws, people, sandboxBilling, sandboxReadOnly } from './in-aws.js'

const [first = '', second = '', foreign = ''] = people(3)
const store = { IdentityStoreId: demo.identityStoreId }
let world: SyncWorld
let runner: PluginSyncRunner
afterEach(() => world[Symbol.asyncDispose]())

async function join(GroupId: string, UserId: string): Promise<void> {
  const input = { ...store, GroupId, MemberId: { UserId } }
  await world.aws.clients.identitystore.send(new CreateGroupMembershipCommand(input))
}

/** A group of others with a member and an assignment, taken over by a person; later somebody adds a member in AWS. */
async function adopted(): Promise<string> {
  world = await SyncWorld.open({ aws_ic: { drift: 'report' } })
  const { identitystore, ssoAdmin } = world.aws.clients
  const made = await identitystore.send(new CreateGroupCommand({ ...store, DisplayName: 'team' }))
  const group = made.GroupId ?? ''
  await join(group, await world.scim.makeUser(foreign))
  await ssoAdmin.send(
    new CreateAccountAssignmentCommand({
      ...{ InstanceArn: demo.instanceArn, PermissionSetArn: demo.billingArn },
      ...{ TargetId: demo.production, TargetType: 'AWS_ACCOUNT' },
      ...{ PrincipalType: 'GROUP', PrincipalId: group },
    }),
  )
  await world.aws.advance(30_000)
  for (const name of [first, second]) await world.user(name)
  await world.list('team', [sandboxReadOnly], [first])
  runner = world.runner()
  const now = world.timers.now()
  const approval = { by: 'ada@example.com', at: now, expiresAt: now + 3_600_000 }
  await world.store.approvals.put(plugin, [{ ...approval, key: `group.adopt ${group} team` }])
  await look()
  await join(group, demo.adaId)
  await world.aws.advance(30_000)
  await look()
  await agree()
  expect(await held()).toEqual([
    `team ${demo.production}/${demo.billingArn}`,
    `team ${demo.sandbox}/${demo.readOnlyArn}`,
    'team: ada@example.com',
    `team: ${first}`,
    `team: ${foreign}`,
  ])
  return group
}

/** What a person has to agree to, since deviations are only reported and others would get it, too. */
async function agree(): Promise<void> {
  const { actions } = (await runner.plan()).plan
  const now = world.timers.now()
  const approval = { by: 'ada@example.com', at: now, expiresAt: now + 3_600_000 }
  const keys = actions.filter(({ holds }) => holds.length > 0).map(({ action: { key } }) => key)
  await world.store.approvals.put(
    plugin,
    keys.map((key) => ({ ...approval, key })),
  )
  await look()
}

async function look(): Promise<void> {
  await scanned(world, runner)
  await settle(runner)
}

async function held(): Promise<string[]> {
  const { assignments, members } = await inAws(world)
  return [...assignments, ...members].filter((line) => /^team[: ]/.test(line))
}

async function remove(): Promise<void> {
  await world.remove('access_list', 'team')
  await world.store.members.deleteList('team')
}

/** As the kind does it with every list that is made. */
async function make(roles: readonly string[], members: readonly string[]): Promise<void> {
  await world.list('team', roles, members)
  const now = world.timers.now()
  await world.store.transaction(async (tx) => {
    expect(await releaseGroups(tx, 'team', [plugin], now)).toHaveLength(1)
  })
}

async function expectNew(group: string): Promise<void> {
  expect(await held()).toEqual([`team ${demo.sandbox}/${demo.billingArn}`, `team: ${second}`])
  expect((await inAws(world)).idOf('team')).toBe(group)
  const [link] = (await world.store.principalLinks.list(plugin)).filter(({ kind }) => kind === 'group')
  expect(link).toMatchObject({ awsId: group, unwantedSince: undefined })
  await world.aws.advance(30 * 24 * 3_600_000)
  await look()
  expect(await held()).toHaveLength(2)
}

describe('a list that is made anew', () => {
  test('before the sync has seen that it was gone', async () => {
    const group = await adopted()
    await remove()
    await make([sandboxBilling], [second])
    await settle(runner)
    await expectNew(group)
  })

  test('while the group waits for its deletion', async () => {
    const group = await adopted()
    await remove()
    await settle(runner)
    await world.aws.advance(24 * 3_600_000)
    await make([sandboxBilling], [second])
    await settle(runner)
    await expectNew(group)
  })
})

test('a list that is only changed keeps what is only reported', async () => {
  await adopted()
  await world.store.members.deleteList('team')
  await world.list('team', [sandboxBilling], [second])
  await settle(runner)
  await agree()
  expect(await held()).toEqual([
    `team ${demo.production}/${demo.billingArn}`,
    `team ${demo.sandbox}/${demo.billingArn}`,
    'team: ada@example.com',
    `team: ${second}`,
    `team: ${foreign}`,
  ])
})
