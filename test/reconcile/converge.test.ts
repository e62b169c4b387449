import { ListGroupsCommand, ListUsersCommand } from '@aws-sdk/client-identitystore'
import { afterEach, expect, test } from 'vitest'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld } from './sync-world.js'

let world: SyncWorld
afterEach(() => world[Symbol.asyncDispose]())

const sandboxReadOnly = `assignment/${demo.sandbox}/${demo.readOnlyArn}`

test('users, groups, members and assignments arrive, and an unchanged state costs no call', async () => {
  world = await SyncWorld.open()
  await world.user('ada@example.com')
  await world.user('grace@example.com')
  await world.list('explorers', [sandboxReadOnly], ['grace@example.com', 'ada@example.com'])
  const runner = world.runner()
  await scanned(world, runner)
  await settle(runner)
  const { identitystore } = world.aws.clients
  const input = { IdentityStoreId: demo.identityStoreId }
  const users = (await identitystore.send(new ListUsersCommand(input))).Users ?? []
  expect(users.map(({ UserName }) => UserName)).toContain('grace@example.com')
  const groups = (await identitystore.send(new ListGroupsCommand(input))).Groups ?? []
  expect(groups.map(({ DisplayName }) => DisplayName)).toContain('explorers')
  const ledger = await world.store.ledger.list(plugin)
  expect(ledger.filter(({ kind }) => kind === 'membership')).toHaveLength(2)
  expect(ledger.filter(({ kind }) => kind === 'assignment').map(({ target }) => target)).toContain(
    `${demo.sandbox}/${demo.readOnlyArn}`,
  )
  const before = JSON.stringify(await world.calls())
  const again = await runner.cycle()
  expect(JSON.stringify(await world.calls())).toBe(before)
  expect(again?.plan.actions.filter(({ holds }) => holds.length === 0)).toEqual([])
  expect(await world.store.changes.listOpen(plugin)).toEqual([])
})
