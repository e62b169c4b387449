/** What has to be so before the first change of AWS begins, and what a pause means to a sync at work. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FirstImport } from '../../src/service/identity-center/sync-port.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld } from './sync-world.js'

let world: SyncWorld
const sandboxReadOnly = `assignment/${demo.sandbox}/${demo.readOnlyArn}`

beforeEach(async () => {
  world = await SyncWorld.open()
  for (const name of ['ada', 'grace', 'alan', 'edsger', 'barbara', 'donald', 'tony', 'john']) {
    await world.user(`${name}@example.com`, [sandboxReadOnly])
  }
})
afterEach(async () => {
  // Whoever still sleeps wakes while there is an emulator whose time can pass.
  await world.timers.sleep(2000)
  await world[Symbol.asyncDispose]()
})

async function changes(): Promise<number> {
  return (await world.store.changes.list(plugin, { limit: 1000 })).length
}

async function pause(): Promise<void> {
  const { document } = (await world.store.resources.find('plugin', plugin)) ?? {}
  const paused = JSON.parse(JSON.stringify(document).replace('"active"', '"paused"')) as { spec: unknown }
  await world.put('plugin', plugin, paused.spec)
}

test('nothing is changed before the import is over, and then everything', async () => {
  let first: FirstImport = { state: 'running' }
  const runner = world.runner('one', { importFirst: () => Promise.resolve(first) })
  await scanned(world, runner)
  expect(await runner.cycle()).toBeUndefined()
  expect(await changes()).toBe(0)
  first = { state: 'done' }
  await settle(runner)
  expect(await changes()).toBeGreaterThan(7)
})

test('an import is not asked for before AWS was read', async () => {
  let asked = 0
  const importFirst = (): Promise<FirstImport> => {
    asked += 1
    return Promise.resolve({ state: 'done' })
  }
  const runner = world.runner('one', { importFirst })
  expect(await runner.cycle()).toBeUndefined()
  expect([asked, await changes()]).toEqual([0, 0])
})

test('an import that fails is told, changes nothing, and is tried again by itself', async () => {
  let tries = 0
  const importFirst = (): Promise<FirstImport> => {
    tries += 1
    return Promise.resolve(tries < 3 ? { state: 'failed', says: 'no owner' } : { state: 'done' })
  }
  const runner = world.runner('one', { importFirst })
  const stop = new AbortController()
  const looping = runner.loop(stop.signal)
  while (tries < 2) await world.timers.sleep(1000)
  expect((await runner.state()).lastSync).toMatchObject({
    success: false,
    says: 'Nothing is changed in AWS before the import, and it failed: no owner',
  })
  expect(await changes()).toBe(0)
  while ((await runner.state()).lastSync?.success !== true) await world.timers.sleep(1000)
  expect(await changes()).toBeGreaterThan(7)
  stop.abort()
  await looping
})

test('after a pause was stored nothing begins any more, and what was under way comes to its end', async () => {
  let begun = 0
  let atPause: number | undefined
  const onStep = async (point: string): Promise<void> => {
    if (point === 'after intent') begun += 1
    if (begun !== 3 || atPause !== undefined) return
    atPause = 0
    await pause()
    atPause = await changes()
  }
  const runner = world.runner('one', { onStep })
  await scanned(world, runner)
  expect(await runner.cycle()).toBeUndefined()
  expect(atPause).toBeGreaterThan(2)
  expect(await changes()).toBe(atPause)
  expect(await world.store.changes.listOpen(plugin)).toEqual([])
  await runner.cycle()
  expect(await changes()).toBe(atPause)
})

test('after the plugin was removed nothing is kept for it, whatever is being read', async () => {
  const runner = world.runner()
  await scanned(world, runner)
  const again = scanned(world, runner)
  await world.remove('plugin', plugin)
  await world.store.observations.deleteAll(plugin)
  await expect(again).rejects.toThrow()
  expect(await world.store.observations.list(plugin, 'group')).toEqual([])
})

test('a look that fails is remembered as such until one comes to its end', async () => {
  const runner = world.runner()
  await scanned(world, runner)
  await settle(runner)
  await world.fault('sso-admin:ListPermissionSets', 'expired-token')
  await expect(scanned(world, runner)).rejects.toThrow()
  expect((await runner.state()).scanFailure?.says).toBeTruthy()
  await world.user('new@example.com')
  await settle(runner)
  expect((await runner.state()).scanFailure?.says).toBeTruthy()
  await scanned(world, runner)
  expect((await runner.state()).scanFailure).toBeUndefined()
})
