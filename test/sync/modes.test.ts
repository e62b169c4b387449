/**
 * What is left to others: users in hybrid mode, users that the roles_sync_mode leaves out, set up by files alone, with the
 * import that comes by itself. And accounts in which nothing may be changed.
 */
import { CreateGroupMembershipCommand } from '@aws-sdk/client-identitystore'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { noteNames } from '../../src/core/identity-center/note-names.js'
import { minute } from '../../src/core/time.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, SyncWorld, type Settings } from '../reconcile/sync-world.js'
import { added, inAws, people, sandboxBilling, sandboxReadOnly, team, type InAws } from './in-aws.js'
import { serve, type ServedWorld } from './served-world.js'

let world: SyncWorld
let served: ServedWorld
let before: InAws
let stop: () => Promise<void>
afterEach(async () => {
  await stop()
  await world.timers.sleep(20_000)
  await world[Symbol.asyncDispose]()
})

async function open(settings: Settings, make: () => Promise<void>): Promise<void> {
  world = await SyncWorld.open(settings)
  served = serve(world)
  before = await inAws(world)
  await make()
  stop = served.loop()
}

/** Until everything is done that can be done: it imports and works by itself. */
async function atWork(): Promise<void> {
  const deadline = world.timers.now() + 10 * minute
  while (!(await isQuiet())) {
    if (world.timers.now() > deadline) throw new Error(`it does not come to an end: ${await left()}`)
    await world.timers.sleep(1000)
  }
}

async function left(): Promise<string> {
  const { plan } = await served.runner.plan()
  const { lastSync, errors } = await served.runner.state()
  return JSON.stringify({ actions: plan.actions.map(({ action }) => action.key), lastSync, errors })
}

async function isQuiet(): Promise<boolean> {
  if ((await world.store.notes.find(noteNames.imported(plugin))) === undefined) return false
  const { plan } = await served.runner.plan()
  const open = await world.store.changes.listOpen(plugin)
  return open.length === 0 && plan.actions.every(({ holds }) => holds.length > 0)
}

const actionForm = z.object({ kind: z.string() })

const writes = async () =>
  (await world.store.changes.list(plugin, { limit: 1000 })).map(({ action }) => actionForm.parse(action).kind)

const hybrid = { saml_idp_service_provider_name: undefined }
const noRoles = { roles_sync_mode: 'NONE', group_sync_filters: [{ exclude_name: '*' }] }
const reader = {
  allow: { account_assignments: [{ account: demo.sandbox, permission_set: demo.readOnlyArn }] },
}

test('hybrid mode: no user is made, changed or ended, and groups and assignments of ours are there', async () => {
  await open({ aws_ic: hybrid }, async () => {
    await world.user('nolabels@example.com', [sandboxBilling])
    await team(2)(world)
    await world.list('team', [sandboxReadOnly], [...people(2), 'nolabels@example.com'])
    await world.put('lock', 'l', { target: { user: 'nolabels@example.com' }, message: 'away' }, 'v2')
  })
  await atWork()
  expect(await inAws(world)).toMatchObject({
    users: before.users,
    groups: [...before.groups, 'team'].sort(),
    members: before.members.filter((line) => !line.endsWith(': nolabels@example.com')),
  })
  await world.remove('lock', 'l')
  await atWork()
  const after = await inAws(world)
  expect(after.users).toEqual(before.users)
  expect((await writes()).filter((kind) => /^user\.(?!adopt)/.test(kind))).toEqual([])
  expect(added(before, after)).toEqual({
    users: [],
    groups: ['team'],
    // Whoever AWS does not know cannot be a member there.
    members: ['team: nolabels@example.com'],
    assignments: [
      `nolabels@example.com ${demo.sandbox}/${demo.billingArn}`,
      `team ${demo.sandbox}/${demo.readOnlyArn}`,
    ],
  })
  expect(added(after, before)).toEqual({ users: [], groups: [], members: [], assignments: [] })
})

test('roles_sync_mode NONE: no group of AWS is taken over or touched, and what roles name is given by groups of ours', async () => {
  await open({ aws_ic: { ...hybrid, ...noRoles } }, async () => {
    await world.put('role', 'reader', reader, 'v8')
    await world.user('dev@example.com', ['reader'])
    await world.list('team', ['reader'], ['dev@example.com'])
  })
  await atWork()
  const lists = await world.store.resources.list('access_list')
  expect(lists.map(({ name }) => name)).toEqual(['team'])
  const after = await inAws(world)
  expect(added(after, before)).toEqual({ users: [], groups: [], members: [], assignments: [] })
  expect(added(before, after)).toEqual({
    users: [],
    groups: ['team'],
    members: ['team: dev@example.com'],
    assignments: [
      `dev@example.com ${demo.sandbox}/${demo.readOnlyArn}`,
      `team ${demo.sandbox}/${demo.readOnlyArn}`,
    ],
  })
  // What somebody does to a group that is not ours is no drift.
  await world.aws.clients.identitystore.send(
    new CreateGroupMembershipCommand({
      IdentityStoreId: demo.identityStoreId,
      GroupId: after.idOf('finance'),
      MemberId: { UserId: demo.devId },
    }),
  )
  const theirs = await inAws(world)
  await look()
  await atWork()
  expect((await inAws(world)).members).toEqual(theirs.members)
})

test('the twin with an identity provider of ours: the import is followed by users', async () => {
  await open({}, () => team(2)(world))
  await atWork()
  expect(added(before, await inAws(world)).users).toEqual(people(2))
})

const sandboxPairs = (aws: InAws) => aws.assignments.filter((line) => line.includes(` ${demo.sandbox}/`))

async function look(): Promise<void> {
  await served.runner.scan()
  while ((await served.runner.state()).job?.state === 'running') await world.timers.sleep(500)
}

test.each(['SUSPENDED', 'PENDING_CLOSURE'])(
  'an account that is %s: nothing is planned there, it is told why, and it goes on once it is active again',
  async (status) => {
    await open({}, () => team(2)(world))
    await atWork()
    const inUse = sandboxPairs(await inAws(world))
    expect(inUse.filter((line) => line.startsWith('team '))).toHaveLength(1)

    world.accountStatus.set(demo.sandbox, status)
    await look()
    await world.list('team', [sandboxBilling], people(2))
    await world.user('p000@example.com', [sandboxBilling])
    await atWork()
    expect(sandboxPairs(await inAws(world))).toEqual(inUse)
    const { plan } = await served.runner.plan()
    expect(plan.actions).toEqual([])
    const says = `is ${status.toLowerCase().replace('_', ' ')}: no assignment there is made or taken away`
    expect(plan.notes.join('\n')).toContain(`The account sandbox (${demo.sandbox}) ${says}`)
    expect((await served.runner.state()).errors).toEqual([])

    world.accountStatus.delete(demo.sandbox)
    await look()
    await atWork()
    const after = await inAws(world)
    expect(added(before, after).assignments).toEqual([
      `p000@example.com ${demo.sandbox}/${demo.billingArn}`,
      `team ${demo.sandbox}/${demo.billingArn}`,
    ])
    expect((await served.runner.plan()).plan.notes.join('\n')).not.toContain('nothing is given')
  },
)
