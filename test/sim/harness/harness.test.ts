/** The harness itself: a seed replays, the dead stay dead, and the official clients work without sockets. */
import { pbkdf2 } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { connectIdentityCenter } from '../../../src/aws/connect.js'
import type { IdentityCenter } from '../../../src/aws/identity-center.js'
import type { CallOptions } from '../../../src/core/governor/call.js'
import { generateOrganisation } from '../../../src/emulator/generate/generate.js'
import { Prng } from '../../../src/emulator/prng.js'
import { readOrganisation } from '../../../src/emulator/state/organisation.js'
import { createCallGovernor } from '../../../src/reconcile/call-governor.js'
import { openStore } from '../../../src/store/sql/open.js'
import { adminKey } from '../../emulator/aws-world.js'
import { SimAws } from './in-process-aws.js'
import { SimProcess } from './process.js'
import { Scheduler } from './scheduler.js'

const start = Date.parse('2026-11-22T12:00:00Z')
const options: CallOptions = { priority: 'normal' }

async function openWorld(seed: number) {
  const scheduler = new Scheduler(start, new Prng(seed, 'order'))
  const size = { accounts: 4, permissionSets: 3, users: 12, groups: 5 }
  const organisation = readOrganisation(generateOrganisation(size, seed), `seed ${seed}`)
  const aws = new SimAws({ organisation, scheduler, prng: new Prng(seed, 'ways'), seed })
  const store = await openStore({ url: 'sqlite::memory:' })
  const process = (name: string): SimProcess => new SimProcess(name, scheduler, store)
  return { scheduler, aws, store, process, organisation }
}

function connect(
  { aws, organisation }: Pick<Awaited<ReturnType<typeof openWorld>>, 'aws' | 'organisation'>,
  process: SimProcess,
): IdentityCenter {
  const { timers } = process
  return connectIdentityCenter({
    instanceArn: organisation.instance.instanceArn,
    region: organisation.instance.region,
    credentials: { kind: 'ambient', chain: () => Promise.resolve(adminKey) },
    governor: createCallGovernor({ timers, rateShare: 0.8 }),
    timers,
    requestHandler: aws.requestHandlerFor(process),
  })
}

describe('the clients without sockets', () => {
  test('read the organisation through the limits of AWS, in virtual time', async () => {
    const world = await openWorld(1)
    const center = connect(world, world.process('a'))
    const users = await world.scheduler.run(center.read.listUsers(options), 60_000)
    expect(users).toHaveLength(12)
    const groups = await world.scheduler.run(center.read.listGroups(options), 60_000)
    const members = await world.scheduler.run(
      Promise.all(groups.map(({ id }) => center.read.listMembers(id, options))),
      600_000,
    )
    expect(members.flat().length).toBeGreaterThan(0)
    expect(world.scheduler.clock.now()).toBeGreaterThan(start)
    expect(world.aws.trace.length).toBeGreaterThanOrEqual(2 + groups.length)
  })

  test('see broken connections and lost answers as outcomes that nobody knows', async () => {
    const world = await openWorld(2)
    for (const kind of ['reset-before', 'reset-after', 'truncate'] as const) {
      const operations = new Set(['identitystore:ListUsers'])
      const when = { at: 1 }
      // Twice, since a read whose connection was reset is made once more.
      world.aws.context.faults.add({ operation: 'ListUsers', operations, when, times: 2, fault: { kind } })
      const center = connect(world, world.process(kind))
      const reading = world.scheduler.run(center.read.listUsers(options), 600_000)
      await expect(reading, kind).rejects.toMatchObject({ failure: 'unknown_outcome' })
    }
  })
})

describe('a seed', () => {
  async function traceOf(seed: number): Promise<readonly string[]> {
    const world = await openWorld(seed)
    const centers = ['a', 'b'].map((name) => connect(world, world.process(name)))
    const reads = centers.flatMap(({ read }) => [read.listUsers(options), read.listGroups(options)])
    await world.scheduler.run(Promise.all(reads), 600_000)
    return world.aws.trace
  }

  test('replays exactly, and another one tries another order', async () => {
    expect(await traceOf(7)).toEqual(await traceOf(7))
    expect(await traceOf(8)).not.toEqual(await traceOf(7))
  })
})

describe('a process that dies', () => {
  test('never wakes again, and its calls that were sent still arrive', async () => {
    const world = await openWorld(3)
    const process = world.process('a')
    const center = connect(world, process)
    let ended = false
    const mark = (): void => void (ended = true)
    center.read.listUsers(options).then(mark, mark)
    await world.scheduler.settle()
    process.kill()
    await world.scheduler.advance(600_000)
    expect(ended).toBe(false)
    expect(world.aws.trace).toHaveLength(1)
  })

  test('dies at the step that was asked for, and gets no answer from the store afterwards', async () => {
    const world = await openWorld(4)
    const process = world.process('a')
    process.dieAfter(2)
    await process.onStep()
    expect(await process.store.members.listAll()).toEqual([])
    let ended = false
    const mark = (): void => void (ended = true)
    process.onStep().then(mark, mark)
    process.store.members.listAll().then(mark, mark)
    await world.scheduler.advance(60_000)
    expect([process.isAlive, ended]).toEqual([false, false])
  })
})

test('time does not move past work that is not done', async () => {
  const world = await openWorld(5)
  await expect(world.scheduler.run(new Promise(() => undefined), 1000)).rejects.toThrow('nobody waits')
})

test('time does not move while files are read, however busy the machine is', async () => {
  const { scheduler, process } = await openWorld(6)
  const others = Array.from({ length: 4 }, () => promisify(pbkdf2)('', '', 200_000, 64, 'sha512'))
  const sleeping = process('a').timers.sleep(10_000)
  const reading = readFile(import.meta.filename).then(() => scheduler.clock.now())
  expect(await scheduler.run(reading, 60_000)).toBe(start)
  await scheduler.run(sleeping, 60_000)
  await Promise.all(others)
})
