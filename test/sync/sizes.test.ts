/**
 * Organisations at whose size other tools broke, by the name of where it was reported, over the store, the adapters and
 * the emulator: what counts is how calls grow, so the worlds here are small and their shape is the one of the report.
 */
import { readFile } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { listAccounts } from '../../src/core/inventory/list-inventory.js'
import { readOrganisation } from '../../src/emulator/state/organisation.js'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { demo } from '../emulator/aws-world.js'
import { demoFile } from '../emulator/portal.js'
import { scanned, settle, SyncWorld } from '../reconcile/sync-world.js'
import { added, callsOf, inAws, inStep, people, sandboxReadOnly, type InAws } from './in-aws.js'
import { serve } from './served-world.js'

let world: SyncWorld
let runner: PluginSyncRunner
let before: InAws
afterEach(() => world[Symbol.asyncDispose]())

async function begin(make: (world: SyncWorld) => Promise<void>): Promise<void> {
  ;({ world, runner, before } = await inStep(make))
}

function sum(calls: Readonly<Record<string, number>>, name: RegExp): number {
  return Object.entries(calls).reduce((all, [one, count]) => (name.test(one) ? all + count : all), 0)
}

const lists = ['one', 'two', 'three']

test('authentik #6836: memberships come and go by the hundred, however many groups everybody is in', async () => {
  const all = people(130)
  const removals = { memberships: { count: 1000, share: 1 } }
  world = await SyncWorld.open({ aws_ic: { guard: { removals } } })
  before = await inAws(world)
  for (const name of all) await world.user(name)
  for (const list of lists) await world.list(list, [sandboxReadOnly], all)
  runner = world.runner()
  await scanned(world, runner)
  const filling = await callsOf(world, () => settle(runner))
  expect(added(before, await inAws(world)).members).toHaveLength(3 * 130)
  // 390 memberships: two requests for each group, and none for each of them.
  expect(sum(filling, /:(?:CreateGroup|PatchGroup)$/)).toBeLessThanOrEqual(3 * 3)
  for (const list of lists) {
    for (const name of all.slice(5)) await world.store.members.delete(list, 'user', name, world.timers.now())
  }
  const emptying = await callsOf(world, () => settle(runner))
  expect(added(before, await inAws(world)).members).toHaveLength(3 * 5)
  expect(sum(emptying, /:PatchGroup$/)).toBe(3 * 2)
  expect(sum(emptying, /./)).toBe(3 * 2)
})

/** People who hold the pair themselves, in no list. */
function singly(count: number): (world: SyncWorld) => Promise<void> {
  return async (here) => {
    for (const name of people(count)) await here.user(name, [sandboxReadOnly])
  }
}

test('terraform-provider-aws #18739: an account with many people is read by page, not by person', async () => {
  await begin(singly(50))
  expect(added(before, await inAws(world)).assignments).toHaveLength(50)
  const reading = await callsOf(world, () => scanned(world, runner))
  expect(sum(reading, /Assignment/)).toBeGreaterThan(0)
  expect(sum(reading, /Assignment/)).toBeLessThan(35)
  expect(await callsOf(world, () => settle(runner))).toEqual({})
})

test('terraform-provider-aws #18739: and one person more there costs a handful of calls', async () => {
  await begin(singly(30))
  await world.user('late@example.com', [sandboxReadOnly])
  const calls = await callsOf(world, () => settle(runner))
  expect((await inAws(world)).assignments).toContain(`late@example.com ${demo.sandbox}/${demo.readOnlyArn}`)
  expect(sum(calls, /./)).toBeLessThan(8)
})

test('terraform-provider-aws PR 22543: a plan of many assignments is made of what was read, without a call', async () => {
  await begin(singly(5))
  await singly(60)(world)
  const calls = await callsOf(world, async () => {
    const { plan } = await runner.plan()
    expect(plan.actions.filter(({ action }) => action.kind === 'assignment.create')).toHaveLength(55)
  })
  expect(calls).toEqual({})
})

const accountsForm = z.looseObject({ accounts: z.array(z.looseObject({ id: z.string() })) })

/** The demo organisation with that many accounts more. */
async function wide(count: number) {
  const file = accountsForm.parse(parse(await readFile(demoFile, 'utf8')))
  const more = Array.from({ length: count }, (_, at) => {
    const name = `team-${String(at).padStart(3, '0')}`
    return { id: String(810_000_000_000 + at), name, email: `aws+${name}@example.com` }
  })
  return readOrganisation({ ...file, accounts: [...file.accounts, ...more] }, 'a wide organisation')
}

test('Glide #536: of 200 accounts one page is answered, and every one is found, while AWS answers nothing', async () => {
  world = await SyncWorld.open({ sync: 'paused', aws: { organisation: await wide(200) } })
  const { deps, runner: wideRunner } = serve(world)
  const reading = await callsOf(world, () => scanned(world, wideRunner))
  expect(sum(reading, /ListAccounts$/)).toBeLessThanOrEqual(Math.ceil(207 / 20) + 1)
  await world.fault('*', 'error', null)
  const asking = await callsOf(world, async () => {
    const { inventory } = await deps.catalog.read()
    const first = listAccounts(inventory, { limit: 50 })
    expect([first.items.length, first.total]).toEqual([50, 207])
    const found = listAccounts(inventory, { limit: 50, search: 'team-199' })
    expect(found.items.map(({ id }) => id)).toEqual(['810000000199'])
  })
  expect(asking).toEqual({})
})
