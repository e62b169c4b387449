/** Access lists that change while AWS is silent: nothing is lost, nothing is left over, and who goes goes first. */
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { minute } from '../../src/core/time.js'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { plugin, settle, type SyncWorld } from '../reconcile/sync-world.js'
import { added, inAws, inStep, people, sandboxBilling, sandboxReadOnly, team, type InAws } from './in-aws.js'

const silences = [
  ['SCIM', 'scim:*'],
  ['all of AWS', '*'],
] as const
const kindOf = z.object({ kind: z.string() })

let world: SyncWorld
let runner: PluginSyncRunner
let before: InAws
afterEach(() => world[Symbol.asyncDispose]())

const [ann = '', bob = ''] = people(4)

async function endOf(name: string, expiresAt: number): Promise<void> {
  const row = (await world.store.members.list('team')).find((one) => one.name === name)
  if (row === undefined) throw new Error(`${name} is in team`)
  await world.store.members.put([{ ...row, expiresAt }])
}

const teamLines = async () =>
  added(before, await inAws(world)).members.filter((line) => line.startsWith('team: '))

/** Kinds of the changes that AWS has taken, oldest first, since `earlier`. */
async function takenSince(earlier: ReadonlySet<string>): Promise<string[]> {
  const changes = await world.store.changes.list(plugin, { limit: 1000 })
  return changes
    .filter(({ id, state }) => state === 'succeeded' && !earlier.has(id))
    .reverse()
    .map(({ action }) => kindOf.parse(action).kind)
}

test.each(silences)(
  'a membership that ends while %s is silent is taken away as soon as it answers, before anything is given',
  async (_, operation) => {
    ;({ world, runner, before } = await inStep(team(4)))
    await endOf(ann, world.timers.now() + 10 * minute)
    await settle(runner)
    expect(await teamLines()).toHaveLength(4)

    await world.fault(operation, 'error', null)
    const stop = new AbortController()
    const loop = runner.loop(stop.signal)
    await world.timers.sleep(9 * minute)
    expect(await teamLines()).toHaveLength(4)
    // What waits beside it, when the end comes.
    for (const name of ['new-1@example.com', 'new-2@example.com', 'new-3@example.com']) await world.user(name)
    await world.list('other', [sandboxBilling], [bob])
    await world.timers.sleep(5 * minute)
    expect(await teamLines()).toContain(`team: ${ann}`)

    const earlier = new Set((await world.store.changes.list(plugin, { limit: 1000 })).map(({ id }) => id))
    await world.aws.control('DELETE', 'faults')
    await world.timers.sleep(2 * minute)
    expect(await teamLines()).toEqual(
      people(4)
        .slice(1)
        .map((name) => `team: ${name}`),
    )
    const ours = added(before, await inAws(world))
    expect(ours.users).toEqual(expect.arrayContaining(['new-1@example.com', 'new-3@example.com']))
    expect(ours.members).toContain(`other: ${bob}`)
    expect(await world.store.changes.listOpen(plugin)).toEqual([])
    const taken = await takenSince(earlier)
    expect(taken[0]).toBe('members.remove')
    stop.abort()
    await loop
  },
  120_000,
)

test('one that is renewed before the silence ends never leaves', async () => {
  ;({ world, runner, before } = await inStep(team(2)))
  await endOf(ann, world.timers.now() + 5 * minute)
  await settle(runner)
  await world.fault('scim:*', 'error', null)
  await world.aws.advance(6 * minute)
  await runner.cycle()
  await endOf(ann, world.timers.now() + 60 * minute)
  await world.aws.control('DELETE', 'faults')
  await world.aws.advance(2 * minute)
  await settle(runner)
  expect(await teamLines()).toContain(`team: ${ann}`)
})

test('a list that is deleted while SCIM is silent leaves no group, no member and no assignment', async () => {
  ;({ world, runner, before } = await inStep(team(3), { aws_ic: { deletion_delay: '1s' } }))
  await world.fault('scim:*', 'error', null)
  await world.remove('access_list', 'team')
  await world.store.members.deleteList('team')
  await runner.cycle()
  expect(added(before, await inAws(world)).assignments).toEqual([])
  await world.aws.control('DELETE', 'faults')
  await world.aws.advance(2 * minute)
  await settle(runner)
  const { groups, members, assignments } = added(before, await inAws(world))
  expect({ groups, members, assignments }).toEqual({ groups: [], members: [], assignments: [] })
})

test('a nested list that is emptied while SCIM is silent leaves nobody in the one above', async () => {
  ;({ world, runner, before } = await inStep(async (here) => {
    await team(2)(here)
    await here.list('top', [sandboxReadOnly], [])
    const [row] = await here.store.members.list('team')
    if (row === undefined) throw new Error('team has members')
    await here.store.members.put([{ ...row, list: 'top', kind: 'list', name: 'team' }])
  }))
  expect(added(before, await inAws(world)).members).toHaveLength(4)
  await world.fault('scim:*', 'error', null)
  await world.store.members.delete('team', 'user', bob, world.timers.now())
  await runner.cycle()
  await world.store.members.delete('team', 'user', ann, world.timers.now())
  await world.aws.control('DELETE', 'faults')
  await world.aws.advance(2 * minute)
  await settle(runner)
  expect(added(before, await inAws(world)).members).toEqual([])
})
