/** The removal of a plugin whose sync is at work: nothing half done, nothing after it, grants with an end first. */
import { setTimeout as pause } from 'node:timers/promises'
import { DeleteGroupCommand } from '@aws-sdk/client-identitystore'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { noteNames, listNoteNames } from '../../src/core/identity-center/note-names.js'
import { hour, minute, second } from '../../src/core/time.js'
import type { TimeBoxedGrant } from '../../src/core/entitlement/input.js'
import type { SyncDeps } from '../../src/reconcile/deps.js'
import { describeUninstall } from '../../src/service/identity-center/describe-uninstall.js'
import { uninstall } from '../../src/service/identity-center/uninstall.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, SyncWorld } from '../reconcile/sync-world.js'
import { desk } from '../service/resources/world.js'
import { inAws, people, team, type InAws } from './in-aws.js'
import { ada, serve, type ServedWorld } from './served-world.js'

const yes = { confirm: plugin, removeAccess: false, stillIdentitySource: true }

let world: SyncWorld
let served: ServedWorld
let removing: Promise<unknown> | undefined
let begun: number
async function open(more: Partial<SyncDeps> = {}): Promise<void> {
  ;[removing, begun] = [undefined, 0]
  world = await SyncWorld.open()
  served = serve(world, more)
}
afterEach(async () => {
  // Whoever still sleeps wakes while there is an emulator whose time can pass.
  await world.timers.sleep(20_000)
  await world[Symbol.asyncDispose]()
})

async function phases(): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const { change_id: id, phase } of await served.events()) {
    if (typeof id === 'string' && typeof phase === 'string') found.set(id, [...(found.get(id) ?? []), phase])
  }
  return found
}

/** Everything that the store holds of the plugin, by where. */
async function leftOvers(): Promise<Record<string, number>> {
  const { store } = world
  const kinds = ['account', 'permission_set', 'user', 'group', 'members', 'assignments'] as const
  const seen = await Promise.all(
    kinds.map(async (kind) => (await store.observations.list(plugin, kind)).length),
  )
  const notes = await Promise.all(listNoteNames(plugin).map((name) => store.notes.find(name)))
  return {
    seen: seen.reduce((sum, count) => sum + count, 0),
    notes: notes.filter((note) => note !== undefined).length,
    changes: (await store.changes.list(plugin, { limit: 1000 })).length,
    links: (await store.principalLinks.list(plugin)).length,
    ledger: (await store.ledger.list(plugin)).length,
    tokens: (await store.scimTokens.list(plugin)).length,
    approvals: (await store.approvals.list(plugin)).length,
  }
}

const nothing = { seen: 0, notes: 0, changes: 0, links: 0, ledger: 0, tokens: 0, approvals: 0 }

/** Until the job is over, whose end nobody can ask for once the plugin is gone. */
async function removed(): Promise<void> {
  for (;;) {
    const job = await served.runner.state().then(
      (state) => state.job,
      () => undefined,
    )
    if (job?.state === 'failed') throw new Error(job.error)
    const lease = await world.store.leases.find(noteNames.job(plugin))
    if (job === undefined && (lease?.expiresAt ?? 0) <= world.timers.now()) return
    await world.timers.sleep(500)
  }
}

const remove = () => uninstall(served.deps, plugin, yes, ada, desk)

async function books(): Promise<unknown> {
  const [aws, left, events] = [await inAws(world), await leftOvers(), (await served.events()).length]
  return { ...aws, idOf: undefined, left, events, calls: await world.calls() }
}

/** When the next look at AWS would have been due, and every lease would have had to be renewed. */
async function later(): Promise<void> {
  await world.aws.advance(10 * minute)
  await world.timers.sleep(20 * second)
}

const callsForm = z.object({ calls: z.record(z.string(), z.number()) })

async function readsOfUsers(): Promise<number> {
  const { calls } = callsForm.parse(await world.calls())
  return Object.entries(calls).reduce(
    (sum, [name, count]) => (name.endsWith('ListUsers') ? sum + count : sum),
    0,
  )
}

async function looping(): Promise<() => Promise<void>> {
  const stop = served.loop()
  while ((await served.runner.state()).lastSync?.success !== true) await world.timers.sleep(500)
  return stop
}

test('comes while the sync changes AWS: what was begun is ended and on record, and nothing follows', async () => {
  await open({
    onStep: async (point) => {
      if (point !== 'after intent' || ++begun !== 12) return
      // Not awaited: it waits for the very change that is at this step.
      removing = remove()
      await world.timers.sleep(50)
    },
  })
  await team(30)(world)
  const stop = served.loop()
  while (removing === undefined) await world.timers.sleep(100)
  await removing
  await removed()
  const after = await books()
  expect(await leftOvers()).toEqual(nothing)
  const found = [...(await phases()).values()]
  expect(found.length).toBeGreaterThan(10)
  expect(found.length).toBeLessThan(30)
  for (const one of found) expect(one).toEqual(['intent', 'outcome'])
  const events = (await served.events()).map(({ event }) => event)
  expect(events.indexOf('plugin.update')).toBeLessThan(events.indexOf('plugin.delete'))
  expect(
    events.slice(events.indexOf('plugin.delete')).filter((event) => String(event).includes('provision')),
  ).toEqual([])

  await later()
  expect(await books()).toEqual(after)
  await stop()
})

test('comes while a grant with an end is being made: it is made, taken back, and only then the rest goes (T26)', async () => {
  const grants: TimeBoxedGrant[] = []
  let armed = false
  await open({
    grants: () => Promise.resolve(grants),
    onStep: async (point) => {
      if (point !== 'after intent' || !armed) return
      armed = false
      removing = remove()
      await world.timers.sleep(50)
    },
  })
  await team(1)(world)
  const stop = await looping()
  const [user = ''] = people(1)
  const pair = `${demo.sandbox}/${demo.billingArn}`
  const until = world.timers.now() + hour
  armed = true
  grants.push({ user, pair, request: 'r-1', until })
  served.runner.wake()
  while (removing === undefined) await world.timers.sleep(100)
  await removing
  await removed()
  expect((await inAws(world)).assignments).not.toContain(`${user} ${pair}`)
  expect((await inAws(world)).assignments).toContain(`team ${demo.sandbox}/${demo.readOnlyArn}`)
  expect(await leftOvers()).toEqual(nothing)
  const last = (await served.events()).map(({ event, phase }) => [event, phase].filter(Boolean).join(' '))
  const of = (name: string) => last.indexOf(name)
  expect(of('aws_identity_center.assignment.create outcome')).toBeGreaterThan(0)
  const taken = of('aws_identity_center.assignment.delete outcome')
  expect(taken).toBeGreaterThan(of('aws_identity_center.assignment.create outcome'))
  expect(of('plugin.delete')).toBeGreaterThan(taken)
  expect(last.at(-1)).toBe('aws_identity_center.uninstall')
  await stop()
})

test('a membership that would end is told before, with its name, and taken from AWS first (T26)', async () => {
  await open()
  await team(2)(world)
  const [ends = '', stays = ''] = people(2)
  const member = (await world.store.members.list('team')).find(({ name }) => name === ends)
  if (member === undefined) throw new Error('no member')
  await world.store.members.put([{ ...member, expiresAt: world.timers.now() + hour }])
  const stop = await looping()
  expect((await inAws(world)).members).toContain(`team: ${ends}`)
  const told = await describeUninstall(served.deps, plugin)
  expect(told.timeBoxed).toBe(1)
  expect(told.warnings.join(' ')).toContain(ends)
  expect(told.warnings.join(' ')).not.toContain(stays)
  await remove()
  await removed()
  const { members } = await inAws(world)
  expect(members.filter((line) => line.startsWith('team: '))).toEqual([`team: ${stays}`])
  expect(await leftOvers()).toEqual(nothing)
  await stop()
})

test('comes while AWS is being read: the look that ends after it writes nothing', async () => {
  await open()
  await team(1)(world)
  const stop = await looping()
  const before = await readsOfUsers()
  await world.aws.control('POST', 'faults', {
    operation: 'identitystore:ListUsers',
    fault: { kind: 'slow', delayMs: 1500 },
    times: 1,
  })
  // The next rolling look is due now.
  await world.aws.advance(hour)
  served.runner.wake()
  while ((await readsOfUsers()) === before) await pause(20)
  await remove()
  await removed()
  const after = await books()
  expect(await leftOvers()).toEqual(nothing)
  await pause(2000)
  await later()
  expect(await books()).toEqual(after)
  await stop()
})

test('what import found stays, also in a group that somebody deleted and the sync made again; what was given goes', async () => {
  await open()
  await team(1)(world)
  const before = await inAws(world)
  const stop = await looping()
  const given = await inAws(world)
  expect(given.assignments).toContain(`team ${demo.sandbox}/${demo.readOnlyArn}`)
  const [name = ''] = before.groups.filter(
    (group) =>
      before.members.some((line) => line.startsWith(`${group}: `)) &&
      before.assignments.some((line) => line.startsWith(`${group} `)),
  )
  const GroupId = given.idOf(name) ?? ''
  await world.aws.clients.identitystore.send(
    new DeleteGroupCommand({ IdentityStoreId: demo.identityStoreId, GroupId }),
  )
  await world.aws.advance(30 * second)
  await served.runner.scan()
  const deadline = world.timers.now() + 5 * minute
  const access = async (): Promise<Pick<InAws, 'members' | 'assignments'>> => {
    const { members, assignments } = await inAws(world)
    // AWS keeps the assignments of a group that is gone.
    return { members, assignments: assignments.filter((line) => !line.startsWith('(gone)')) }
  }
  const isBack = async (): Promise<boolean> => {
    const { members, assignments } = given
    return JSON.stringify(await access()) === JSON.stringify({ members, assignments })
  }
  while (!(await isBack()) && world.timers.now() < deadline) await world.timers.sleep(5 * second)
  expect(await isBack()).toBe(true)
  expect((await inAws(world)).idOf(name)).not.toBe(GroupId)
  await world.timers.sleep(5 * second)
  await uninstall(served.deps, plugin, { ...yes, removeAccess: true }, ada, desk)
  await removed()
  expect(await access()).toEqual({ members: before.members, assignments: before.assignments })
  await stop()
})
