/**
 * Grants for a time, several reasons for one thing, and who else writes in the same directory: what went wrong
 * elsewhere, by the name of where it was reported, over the store, the adapters and the emulator.
 */
import { afterEach, expect, test } from 'vitest'
import type { TimeBoxedGrant } from '../../src/core/entitlement/input.js'
import { minute } from '../../src/core/time.js'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld } from '../reconcile/sync-world.js'
import { added, inAws, inStep, people, sandboxReadOnly, team, type InAws } from './in-aws.js'

let world: SyncWorld
let before: InAws
afterEach(() => world[Symbol.asyncDispose]())

const ann = 'p000@example.com'
const pair = `${demo.sandbox}/${demo.billingArn}`
const line = `${ann} ${pair}`

let grants: readonly TimeBoxedGrant[]
const withGrants = { grants: () => Promise.resolve(grants) }

function grant(request: string, minutes: number, more: Partial<TimeBoxedGrant> = {}): TimeBoxedGrant {
  return { user: ann, pair, request, until: world.timers.now() + minutes * minute, ...more }
}

/** One person in one list, and a sync that knows of `grants`. */
async function begin(): Promise<PluginSyncRunner> {
  world = await SyncWorld.open()
  before = await inAws(world)
  grants = []
  await team(1)(world)
  const runner = world.runner('one', withGrants)
  await scanned(world, runner)
  await settle(runner)
  return runner
}

async function hasIt(): Promise<boolean> {
  return (await inAws(world)).assignments.includes(line)
}

test('TEAM #279, #104, PR 541: the end of one grant takes nothing that another one still gives', async () => {
  const runner = await begin()
  grants = [grant('first', 10), grant('second', 30)]
  await settle(runner)
  expect(await hasIt()).toBe(true)
  await world.aws.advance(11 * minute)
  await settle(runner)
  expect(await hasIt()).toBe(true)
  await world.aws.advance(20 * minute)
  await settle(runner)
  expect(await hasIt()).toBe(false)
})

test('TEAM #104: nor what the person holds without an end', async () => {
  const runner = await begin()
  grants = [grant('first', 10)]
  await settle(runner)
  await world.user(ann, [`assignment/${pair}`])
  await world.aws.advance(11 * minute)
  await settle(runner)
  expect(await hasIt()).toBe(true)
  await world.user(ann)
  await settle(runner)
  expect(await hasIt()).toBe(false)
})

test('TEAM #149: a grant that ends while no process runs is taken away by the next one', async () => {
  const runner = await begin()
  grants = [grant('first', 10)]
  await settle(runner)
  await runner[Symbol.asyncDispose]()
  await world.aws.advance(60 * minute)
  expect(await hasIt()).toBe(true)
  await settle(world.runner('two', withGrants))
  expect(await hasIt()).toBe(false)
})

test('TEAM #111: two grants at the same moment are both made', async () => {
  const runner = await begin()
  const other = `${demo.production}/${demo.readOnlyArn}`
  grants = [grant('first', 10), grant('second', 10, { pair: other })]
  await settle(runner)
  expect((await inAws(world)).assignments).toEqual(expect.arrayContaining([line, `${ann} ${other}`]))
})

test('TEAM #255: a revocation that fails is told with its cause, and made as soon as AWS lets it', async () => {
  const runner = await begin()
  grants = [grant('first', 10)]
  await settle(runner)
  await world.fault('sso-admin:DeleteAccountAssignment', 'error', 3)
  await world.aws.advance(11 * minute)
  for (let times = 0; times < 3; times++) {
    await runner.cycle()
    await world.timers.sleep(2 * minute)
    const { lastSync, errors } = await runner.state()
    expect(lastSync?.success).toBe(false)
    expect(errors).toMatchObject([{ kind: 'assignment', attempts: times + 1 }])
  }
  expect(await hasIt()).toBe(true)
  await settle(runner)
  expect(await hasIt()).toBe(false)
  expect((await runner.state()).errors).toEqual([])
})

test('Teleport PR 66215: a grant for a time makes nobody a member of anything', async () => {
  const runner = await begin()
  await world.user('late@example.com')
  grants = [grant('first', 10, { user: 'late@example.com', pair: `${demo.sandbox}/${demo.readOnlyArn}` })]
  await settle(runner)
  await scanned(world, runner)
  await settle(runner)
  const ours = added(before, await inAws(world))
  expect(ours.assignments).toContain(`late@example.com ${demo.sandbox}/${demo.readOnlyArn}`)
  expect(ours.members).toEqual([`team: ${ann}`])
  expect((await world.store.members.list('team')).map(({ name }) => name)).toEqual([ann])
})

test('Teleport #62578: a lock says for how long sessions of AWS live on', async () => {
  const runner = await begin()
  await world.put('lock', 'leaver', { target: { user: ann }, message: 'left' }, 'v2')
  expect((await runner.plan()).plan.notes.join()).toContain('session')
})

test('TEAM #195, sso-elevator #54: a grant that ends is taken away, and the plan says for how long its sessions live on', async () => {
  const runner = await begin()
  grants = [grant('first', 10)]
  await settle(runner)
  expect((await runner.plan()).plan.notes.join()).not.toContain('session')
  await world.aws.advance(11 * minute)
  const { plan } = await runner.plan()
  expect(plan.actions.map(({ action }) => action.kind)).toEqual(['assignment.delete'])
  expect(plan.notes.join()).toContain('at most 12 hours')
  await settle(runner)
  expect(await hasIt()).toBe(false)
})

test('Teleport #53989, #62124: no role is stored for an account and a permission set', async () => {
  await begin()
  expect(await world.store.resources.find('role', sandboxReadOnly)).toBeUndefined()
  expect(await world.store.resources.list('role')).toEqual([])
})

const hybrid = { aws_ic: { saml_idp_service_provider_name: undefined } }

test('Teleport #58070: in hybrid mode what the other provider wrote about people stays', async () => {
  const scene = await inStep(async (here) => {
    await here.scim.makeUser(ann, { displayName: 'Written by Another' })
    await team(1)(here)
  }, hybrid)
  world = scene.world
  const found = await world.scim.list('Users?cursor')
  expect(found.find(({ userName }) => userName === ann)).toMatchObject({ displayName: 'Written by Another' })
  expect((await inAws(world)).members).toContain(`team: ${ann}`)
  const changes = await world.store.changes.list(plugin, { limit: 100 })
  const ofUsers = changes.map(({ key }) => key.split(' ')[0]).filter((kind) => kind?.startsWith('user.'))
  // Adopting binds a name to an id here and writes nothing in AWS.
  expect(ofUsers).toEqual(['user.adopt'])
})

test('Teleport docs: in hybrid mode a lock reaches AWS as the loss of all that we gave', async () => {
  const scene = await inStep(async (here) => {
    await here.scim.makeUser(ann)
    await team(1)(here)
    await here.user(ann, [`assignment/${pair}`])
  }, hybrid)
  world = scene.world
  expect(await hasIt()).toBe(true)
  await world.put('lock', 'leaver', { target: { user: people(1)[0] }, message: 'left' }, 'v2')
  await settle(scene.runner)
  const { assignments, members, users } = await inAws(world)
  expect([...assignments, ...members].filter((one) => one.includes(ann))).toEqual([])
  expect(users).toContain(ann)
})
