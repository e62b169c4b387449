/** Access that has to end while one of the two services that hold it does not answer: the other one ends at once. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { demo } from '../emulator/aws-world.js'
import { inAws, sandboxBilling } from '../sync/in-aws.js'
import { plugin, scanned, settle, SyncWorld } from './sync-world.js'

const second = 1000
const minute = 60 * second
const leaver = 'leaver@example.com'
const direct = `${leaver} ${demo.sandbox}/${demo.readOnlyArn}`

let world: SyncWorld
let stop: AbortController
let loop: Promise<void>

beforeEach(async () => {
  world = await SyncWorld.open()
  const allow = { account_assignments: [{ account: demo.sandbox, permission_set: demo.readOnlyArn }] }
  await world.put('role', 'direct', { allow }, 'v8')
  await world.user(leaver, ['direct'])
  await world.list('team', [sandboxBilling], [leaver])
  const runner = world.runner()
  await scanned(world, runner)
  await settle(runner)
  stop = new AbortController()
  loop = runner.loop(stop.signal)
  expect(await held()).toEqual({ isActive: true, isMember: true, isAssigned: true })
})

afterEach(async () => {
  stop.abort()
  await loop
  await world[Symbol.asyncDispose]()
})

async function held(): Promise<{ isActive: boolean; isMember: boolean; isAssigned: boolean }> {
  const { users, members, assignments } = await inAws(world)
  return {
    isActive: users.includes(leaver),
    isMember: members.includes(`team: ${leaver}`),
    isAssigned: assignments.includes(direct),
  }
}

async function lock(): Promise<void> {
  await world.put('lock', 'left', { target: { user: leaver }, message: 'left' }, 'v2')
}

const nothing = { isActive: false, isMember: false, isAssigned: false }

test.each(['error', 'reset-after'])(
  'a lock takes assignments within seconds while SCIM fails (%s), and the rest right after it is back (T21)',
  async (kind) => {
    await world.fault('scim:*', kind, null)
    await lock()
    await world.timers.sleep(20 * second)
    expect(await held()).toMatchObject({ isAssigned: false })
    await world.timers.sleep(10 * minute)
    await world.aws.control('DELETE', 'faults')
    // A question each minute, and the answer to it.
    await world.timers.sleep(70 * second)
    expect(await held()).toEqual(nothing)
    expect(await world.store.changes.listOpen(plugin)).toEqual([])
  },
  60_000,
)

test('a lock takes assignments and memberships while only the change of users fails', async () => {
  await world.fault('scim:PatchUser', 'error', null)
  await lock()
  await world.timers.sleep(20 * second)
  expect(await held()).toEqual({ isActive: true, isMember: false, isAssigned: false })
  await world.aws.control('DELETE', 'faults')
  await world.timers.sleep(70 * second)
  expect(await held()).toEqual(nothing)
}, 60_000)

test('a lock deactivates and takes memberships within seconds while an assignment of the user is unknown', async () => {
  await world.fault('sso-admin:*', 'error', null)
  const more = [demo.readOnlyArn, demo.billingArn].map((set) => ({
    account: demo.sandbox,
    permission_set: set,
  }))
  await world.put('role', 'direct', { allow: { account_assignments: more } }, 'v8')
  await world.timers.sleep(10 * second)
  expect(await world.store.changes.listOpen(plugin)).toHaveLength(1)
  await lock()
  await world.timers.sleep(10 * second)
  expect(await held()).toEqual({ isActive: false, isMember: false, isAssigned: true })
  await world.aws.control('DELETE', 'faults')
  await world.timers.sleep(70 * second)
  expect(await held()).toEqual(nothing)
}, 60_000)

test('a deleted user loses assignments within seconds while SCIM fails, and stays until the deletion is due', async () => {
  await world.fault('scim:*', 'error', null)
  await world.remove('user', leaver)
  await world.timers.sleep(20 * second)
  expect(await held()).toMatchObject({ isAssigned: false })
  await world.aws.control('DELETE', 'faults')
  await world.timers.sleep(70 * second)
  expect(await held()).toEqual(nothing)
  expect((await inAws(world)).users).toContain(`${leaver} (off)`)
}, 60_000)
