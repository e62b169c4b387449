import { ListUsersCommand } from '@aws-sdk/client-identitystore'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, SyncWorld } from './sync-world.js'

const minute = 60_000
const callsForm = z.object({ calls: z.record(z.string(), z.number()) })

let world: SyncWorld
afterEach(() => world[Symbol.asyncDispose]())

const people = Array.from({ length: 12 }, (_, at) => `person-${at}@example.com`)

async function inAws(): Promise<(string | undefined)[]> {
  const command = new ListUsersCommand({ IdentityStoreId: demo.identityStoreId })
  const { Users = [] } = await world.aws.clients.identitystore.send(command)
  return Users.map(({ UserName }) => UserName).filter((name) => name?.startsWith('person-'))
}

async function scimCalls(): Promise<number> {
  const { calls } = callsForm.parse(await world.calls())
  return Object.entries(calls)
    .filter(([name]) => name.startsWith('scim:'))
    .reduce((sum, [, count]) => sum + count, 0)
}

test('a SCIM endpoint that is down is asked now and then, and all is done right after it is back', async () => {
  world = await SyncWorld.open()
  for (const name of people) await world.user(name)
  const runner = world.runner()
  await scanned(world, runner)
  await world.fault('scim:*', 'error', null)
  const before = await scimCalls()
  const stop = new AbortController()
  const loop = runner.loop(stop.signal)
  await world.timers.sleep(5 * minute)
  // Four at once, then questions that double from a second to a minute: one of each kind, read and change.
  const asked = (await scimCalls()) - before
  expect(asked).toBeGreaterThan(4)
  expect(asked).toBeLessThanOrEqual(30)
  const { errors, lastSync } = await runner.state()
  expect(lastSync?.success).toBe(false)
  expect(errors.length).toBeGreaterThan(0)
  expect(await inAws()).toEqual([])

  await world.aws.control('DELETE', 'faults')
  await world.user('person-new@example.com')
  await world.timers.sleep(15_000)
  expect((await inAws()).sort()).toEqual([...people, 'person-new@example.com'].sort())
  expect(await world.store.changes.listOpen(plugin)).toEqual([])
  expect((await runner.state()).errors).toEqual([])
  stop.abort()
  await loop
}, 120_000)

test.each(['error', 'reset-after'])(
  'an outage of a minute in the middle of much work (%s) is looked at now and then, and all is done soon after',
  async (kind) => {
    world = await SyncWorld.open()
    const runner = world.runner()
    await scanned(world, runner)
    for (const name of people) await world.user(name)
    // Some are made, some are lost on the way, and the others have not begun.
    await world.fault('scim:*', kind, null, 4)
    const before = await scimCalls()
    const stop = new AbortController()
    const loop = runner.loop(stop.signal)
    await world.timers.sleep(minute)
    // Four at once before it shows; then questions about what was lost and new attempts, each after 1, 2, 4 … seconds.
    expect((await scimCalls()) - before).toBeLessThanOrEqual(25)
    await world.aws.control('DELETE', 'faults')
    await world.timers.sleep(70_000)
    expect((await inAws()).sort()).toEqual([...people].sort())
    expect(await world.store.changes.listOpen(plugin)).toEqual([])
    stop.abort()
    await loop
  },
  120_000,
)
