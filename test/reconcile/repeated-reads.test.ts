/** A read whose connection breaks is made once more and counted; a change never is. */
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { plugin, scanned, SyncWorld } from './sync-world.js'

const callsForm = z.object({ calls: z.record(z.string(), z.number()) })

let world: SyncWorld
afterEach(() => world[Symbol.asyncDispose]())

async function count(operation: string): Promise<number> {
  return callsForm.parse(await world.calls()).calls[operation] ?? 0
}

test('a look at AWS survives a connection that was closed, and it shows in the counts', async () => {
  world = await SyncWorld.open()
  const runner = world.runner()
  await world.fault('organizations:DescribeOrganization', 'reset-before')
  await scanned(world, runner)
  const { services } = (await runner.state()).governor
  expect(services.find(({ service }) => service === 'organizations')?.repeated).toBe(1)
  expect(services.find(({ service }) => service === 'sso-admin')?.repeated).toBe(0)
})

test('a connection that breaks twice in a row is the failure of the look', async () => {
  world = await SyncWorld.open()
  await world.fault('organizations:DescribeOrganization', 'reset-before', 2)
  await expect(scanned(world, world.runner())).rejects.toThrow()
})

test('a change whose connection broke is looked for first, and never sent again in the same breath', async () => {
  world = await SyncWorld.open()
  await world.user('new@example.com')
  const runner = world.runner()
  await scanned(world, runner)
  await world.fault('scim:CreateUser', 'reset-after')
  const report = await runner.cycle()
  expect(report?.result?.failed).toMatchObject([{ failure: 'unknown_outcome' }])
  expect(await world.store.changes.listOpen(plugin)).toHaveLength(1)
  expect(await count('scim:CreateUser')).toBe(1)
  const { services } = (await runner.state()).governor
  expect(services.find(({ service }) => service === 'scim')?.repeated).toBe(0)
})
