/** Taking over writes nothing in AWS: where AWS cannot be read it is not done, and nothing is unknown. */
import { afterEach, expect, test } from 'vitest'
import { plugin, scanned, settle, SyncWorld } from './sync-world.js'

let world: SyncWorld
afterEach(() => world[Symbol.asyncDispose]())

async function states(): Promise<string[]> {
  const rows = await world.store.changes.list(plugin, { limit: 100 })
  return rows.filter(({ key }) => key.startsWith('user.adopt ')).map(({ state }) => state)
}

test('a take-over whose reads fail has failed, and is done once AWS answers', async () => {
  world = await SyncWorld.open()
  await world.user('ada@example.com')
  const runner = world.runner()
  await scanned(world, runner)
  await world.fault('sso-admin:ListAccountAssignmentsForPrincipal', 'error', null)
  await runner.cycle()
  expect(await states()).toEqual(['failed'])
  await world.aws.control('DELETE', 'faults')
  await world.timers.sleep(31_000)
  await settle(runner)
  expect(await states()).toContain('succeeded')
  expect(await states()).not.toContain('unknown')
})

test('a take-over that the end of the process interrupted has failed, and the next one does it', async () => {
  world = await SyncWorld.open()
  await world.user('ada@example.com')
  const onStep = (name: string) =>
    name === 'before outcome' ? Promise.reject(new Error('killed')) : Promise.resolve()
  const first = world.runner('one', { onStep })
  await scanned(world, first)
  await expect(first.cycle()).rejects.toThrow('killed')
  expect(await states()).toEqual(['open'])
  await first[Symbol.asyncDispose]()
  await settle(world.runner('two'))
  expect((await states()).sort()).toEqual(['failed', 'succeeded'])
})
