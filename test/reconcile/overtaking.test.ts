import { afterEach, expect, test } from 'vitest'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld } from './sync-world.js'

let world: SyncWorld
afterEach(() => world[Symbol.asyncDispose]())

/** While an assignment that AWS takes 20 seconds for is under way, `grace` comes to a list. */
async function addedMeanwhile(list: string): Promise<{ isThere: boolean; isAssigned: boolean }> {
  world = await SyncWorld.open()
  await world.user('ada@example.com')
  await world.user('grace@example.com')
  await world.list('explorers', [], ['ada@example.com'])
  const runner = world.runner()
  await scanned(world, runner)
  await settle(runner)
  await world.aws.control('PUT', 'settings', { assignmentMs: 20_000 })
  const granted = [`assignment/${demo.sandbox}/${demo.readOnlyArn}`]
  await world.list('explorers', granted, [])
  const cycle = runner.cycle()
  await world.timers.sleep(3000)
  // Of a new list nothing is there that a membership could be added to. Time stands still while it is written.
  const roles = list === 'explorers' ? granted : []
  await world.timers.during(() => world.list(list, roles, ['grace@example.com']))
  await world.timers.sleep(2000)
  const ledger = await world.timers.during(() => world.store.ledger.list(plugin))
  const memberships = ledger.filter(({ kind }) => kind === 'membership').length
  const isAssigned = ledger.some(({ target }) => target === `${demo.sandbox}/${demo.readOnlyArn}`)
  await cycle
  return { isThere: memberships === 2, isAssigned }
}

test('a new member does not wait for an assignment that AWS is still working on', async () => {
  expect(await addedMeanwhile('explorers')).toEqual({ isThere: true, isAssigned: false })
})

test('a member of a list that has no group yet waits until all is planned anew', async () => {
  expect(await addedMeanwhile('fresh')).toEqual({ isThere: false, isAssigned: false })
})
