import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld } from './sync-world.js'

let world: SyncWorld
let runner: PluginSyncRunner
const sandboxReadOnly = `assignment/${demo.sandbox}/${demo.readOnlyArn}`

beforeEach(async () => {
  world = await SyncWorld.open()
  await world.user('ada@example.com')
  await world.list('explorers', [sandboxReadOnly], ['ada@example.com'])
  runner = world.runner()
  await scanned(world, runner)
  await settle(runner)
})
afterEach(() => world[Symbol.asyncDispose]())

const planOf = async (one: PluginSyncRunner) => (await one.plan()).plan

test('while nothing changes, the same plan is answered on every replica, as of now', async () => {
  const other = world.runner('two')
  for (const one of [runner, other]) {
    const first = await planOf(one)
    const [again, atOnce] = await Promise.all([one.plan(), one.plan()])
    expect(again.plan).toBe(first)
    expect(atOnce.plan).toBe(first)
    expect(again.madeAt).toBe(world.timers.now())
  }
})

test('whatever is written makes a new one, wherever it is written', async () => {
  const other = world.runner('two')
  const { store } = world
  const link = await store.principalLinks.find(plugin, 'user', 'ada@example.com')
  if (link === undefined) throw new Error('no link')
  const row = { kind: 'assignment', principal: `user/${link.awsId}`, target: '1/a' } as const
  const approval = { key: 'user.delete x', by: 'ada@example.com', at: 0, expiresAt: world.timers.now() + 1e6 }
  const seen = { id: 'x', document: { id: 'x', userName: 'x' }, seenAt: 0 }
  const writes: (() => Promise<unknown>)[] = [
    () => world.user('new@example.com'),
    () => world.list('explorers', [sandboxReadOnly], ['new@example.com']),
    () => store.ledger.put(plugin, [{ ...row, reasons: [{ kind: 'found' }], since: 0 }]),
    () => store.ledger.delete(plugin, [row]),
    () => store.ledger.deleteOf(plugin, row.principal),
    () => store.principalLinks.put(plugin, { ...link, name: 'other@example.com', awsId: 'y' }),
    () => store.principalLinks.delete(plugin, 'user', 'other@example.com'),
    () => store.approvals.put(plugin, [approval]),
    () => store.approvals.delete(plugin, [approval.key]),
    () => store.observations.put(plugin, 'user', [seen]),
    () => store.observations.delete(plugin, 'user', ['x']),
  ]
  for (const write of writes) {
    const before = await Promise.all([planOf(runner), planOf(other)])
    await write()
    const after = await Promise.all([planOf(runner), planOf(other)])
    expect(after[0] === before[0], String(write)).toBe(false)
    expect(after[1] === before[1], String(write)).toBe(false)
  }
})

test('a plan that time alone changes is made anew at that instant and not before', async () => {
  // Not the holder's, whose lease would end meanwhile.
  const other = world.runner('two')
  const expiresAt = world.timers.now() + 60_000
  const lock = {
    target: { user: 'ada@example.com' },
    message: 'left',
    expires: new Date(expiresAt).toISOString(),
  }
  await world.put('lock', 'for-a-minute', lock, 'v2')
  const locked = await planOf(other)
  expect(locked.actions.map(({ action }) => action.kind)).toContain('user.deactivate')
  await world.aws.advance(59_000)
  expect(await planOf(other)).toBe(locked)
  await world.aws.advance(1_001)
  expect((await planOf(other)).actions).toEqual([])
})
