/** T7 in AWS: who is given the name of somebody who left has nothing of what import or adoption found for them. */
import { CreateGroupMembershipCommand } from '@aws-sdk/client-identitystore'
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { afterEach, expect, test } from 'vitest'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, type SyncWorld } from '../reconcile/sync-world.js'
import { inAws, inStep, team } from './in-aws.js'

const late = 'late@example.com'
let world: SyncWorld
let runner: PluginSyncRunner
afterEach(() => world[Symbol.asyncDispose]())

/** A user of others, with an assignment and a place in a group of ours, whom a person has taken over. */
async function adopted(): Promise<void> {
  ;({ world, runner } = await inStep(team(1), { aws_ic: { drift: 'report' } }))
  const id = await world.scim.makeUser(late)
  const { ssoAdmin, identitystore } = world.aws.clients
  const target = { TargetId: demo.production, TargetType: 'AWS_ACCOUNT', PrincipalId: id } as const
  const what = {
    InstanceArn: demo.instanceArn,
    PermissionSetArn: demo.billingArn,
    PrincipalType: 'USER',
  } as const
  await ssoAdmin.send(new CreateAccountAssignmentCommand({ ...target, ...what }))
  const GroupId = (await world.store.principalLinks.find(plugin, 'group', 'team'))?.awsId ?? ''
  const member = { IdentityStoreId: demo.identityStoreId, GroupId, MemberId: { UserId: id } }
  await identitystore.send(new CreateGroupMembershipCommand(member))
  await world.aws.advance(30_000)
  await world.user(late)
  const now = world.timers.now()
  const key = `user.adopt ${id} ${late}`
  await world.store.approvals.put(plugin, [
    { key, by: 'ada@example.com', at: now, expiresAt: now + 3_600_000 },
  ])
  await scanned(world, runner)
  await settle(runner)
  expect(await has()).toEqual([`${late} ${demo.production}/${demo.billingArn}`, `team: ${late}`])
}

async function has(): Promise<string[]> {
  const { assignments, members } = await inAws(world)
  return [...assignments, ...members].filter((line) => line.includes(late))
}

test('one who goes on has what was found', async () => {
  await adopted()
  await settle(runner)
  expect(await has()).toHaveLength(2)
})

test('one who is made anew before the sync has seen it has nothing', async () => {
  await adopted()
  await world.remove('user', late)
  await world.user(late)
  // As the kind does it with every user that is made.
  const link = await world.store.principalLinks.find(plugin, 'user', late)
  if (link === undefined) throw new Error('no link')
  await world.store.principalLinks.put(plugin, { ...link, unwantedSince: world.timers.now() })
  await settle(runner)
  expect(await has()).toEqual([])
  expect((await inAws(world)).users).toContain(late)
  await settle(runner)
  expect((await world.store.principalLinks.find(plugin, 'user', late))?.unwantedSince).toBeUndefined()
})
