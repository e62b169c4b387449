/** @module Sink runners over a real store: nothing is lost, nothing out of order, whatever fails. */
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { SinkRecord } from '../../../src/audit/sinks/sink.js'
import { SinkError } from '../../../src/audit/sinks/sink.js'
import { parseHeadLines } from '../../../src/audit/head-sink.js'
import { hour, minute, second } from '../../../src/core/time.js'
import { openStore } from '../../../src/store/sql/open.js'
import type { Store } from '../../../src/store/store.js'
import { createPostgresSchema } from '../../support/postgres.js'
import { memorySink, SinkWorld } from './runner-world.js'

const opened: Store[] = []
afterEach(async () => {
  for (const store of opened.splice(0)) await store[Symbol.asyncDispose]()
})

async function openWorld(url = 'sqlite::memory:'): Promise<SinkWorld> {
  const store = await openStore({ url })
  opened.push(store)
  return new SinkWorld(store)
}

const eventsOf = (records: readonly SinkRecord[]) =>
  records.filter(({ kind }) => kind === 'event').map(({ sequence }) => sequence)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** First comings in the order 1, 2, 3 …, each second coming behind a first one. */
function expectInOrder(received: readonly number[]): number {
  let newest = 0
  for (const sequence of received) {
    expect(sequence).toBeLessThanOrEqual(newest + 1)
    newest = Math.max(newest, sequence)
  }
  return newest
}

describe('a sink', () => {
  test('gets all events in chain order, in pages, and each head behind what it covers', async () => {
    const world = await openWorld()
    const batches: SinkRecord[][] = []
    await using runner = world.runner(async (records) => void batches.push([...records]), { batchEvents: 4 })
    await world.happen(3)
    await world.signHead()
    await world.happen(7)
    await runner.pass()
    expect(batches.map((batch) => batch.map(({ kind, sequence }) => `${kind} ${sequence}`))).toEqual([
      ['event 1', 'event 2', 'event 3', 'event 4', 'head 3'],
      ['event 5', 'event 6', 'event 7', 'event 8'],
      ['event 9', 'event 10'],
    ])
    const stored = await world.store.audit.list({ limit: 10, order: 'asc' })
    const lines = batches.flat().filter(({ kind }) => kind === 'event')
    expect(lines.map(({ text }) => text)).toEqual(stored.map(({ json }) => json))
    // A file of such lines is a copy of the heads.
    const heads = parseHeadLines(
      batches
        .flat()
        .map(({ text }) => text)
        .join('\n'),
      'audit.jsonl',
    )
    expect(heads.map(({ sequence }) => sequence)).toEqual([3])
    await runner.pass()
    expect(batches).toHaveLength(3)
    expect(await world.store.auditSinks.positions()).toMatchObject([
      { key: 'siem', sequence: 10, headSequence: 3 },
    ])
  })

  test('is bounded by bytes too, and takes an event that alone has more', async () => {
    const world = await openWorld()
    const sizes: number[] = []
    await using runner = world.runner(async (records) => void sizes.push(records.length), { batchBytes: 10 })
    await world.happen(3)
    await runner.pass()
    expect(sizes).toEqual([1, 1, 1])
  })

  test('begins with what happens next where it is asked to, and without heads', async () => {
    const world = await openWorld()
    await world.happen(5)
    await world.signHead()
    const records: SinkRecord[] = []
    const sink = memorySink(async (some) => void records.push(...some), { start: 'now', heads: false })
    await using runner = world.runner(sink.deliver, { sink })
    await runner.pass()
    await world.happen(1)
    await world.signHead()
    await runner.pass()
    expect(records.map(({ sequence }) => sequence)).toEqual([6])
  })

  test('that is down for an hour gets everything once it is up, and people are told twice, not each time', async () => {
    const world = await openWorld()
    const received: number[] = []
    let down = true
    let asked = 0
    await using runner = world.runner(async (records) => {
      asked += 1
      if (down) throw new SinkError('the receiver answered 503')
      received.push(...eventsOf(records))
    })
    const end = world.clock.now() + hour
    while (world.clock.now() < end) {
      await world.happen(1)
      const { ms } = await runner.pass()
      expect(ms).toBeLessThanOrEqual(minute)
      world.clock.advance(Math.max(ms, second))
    }
    // An hour of attempts a minute apart: no storm.
    expect(asked).toBeLessThan(90)
    expect((await world.store.auditSinks.find('siem'))?.trouble).toMatchObject({
      error: 'the receiver answered 503',
      announced: true,
    })
    down = false
    await runner.pass()
    await world.chain()
    await runner.pass()
    const last = (await world.store.audit.last())?.sequence ?? 0
    expect(received).toEqual(upTo(last))
    const told = await world.store.audit.list({
      limit: 10,
      order: 'asc',
      types: ['audit_sink.failing', 'audit_sink.recover'],
    })
    expect(told.map(({ json }) => (JSON.parse(json) as { code: string }).code)).toEqual([
      'TGH085W',
      'TGH086I',
    ])
    expect((await world.store.auditSinks.find('siem'))?.trouble).toBeUndefined()
  })

  test('that takes nothing within its time is asked again, and keeps no other one waiting', async () => {
    const world = await openWorld()
    const fast: number[] = []
    await using slow = world.runner(() => new Promise<void>(() => undefined))
    const other = memorySink(async (records) => void fast.push(...eventsOf(records)), { name: 'other' })
    await using quick = world.runner(other.deliver, { sink: other })
    await world.happen(2)
    const passing = slow.pass()
    await world.timers.untilSleeping(world.clock.now() + 30 * second)
    await quick.pass()
    expect(fast).toEqual([1, 2])
    world.timers.moveTo(world.clock.now() + 30 * second)
    await passing
    expect((await world.store.auditSinks.find('siem'))?.trouble?.error).toBe(
      'the receiver did not take it in time',
    )
  })

  test('is woken by news, and not before its time while it fails', async () => {
    const world = await openWorld()
    const received: number[] = []
    let fails = false
    await using runner = world.runner(async (records) => {
      if (fails) throw new SinkError('no')
      received.push(...eventsOf(records))
    })
    runner.start()
    await world.timers.untilSleeping(world.clock.now() + minute)
    await world.happen(1)
    runner.wake()
    await world.timers.untilSleeping(world.clock.now() + 200)
    world.timers.moveTo(world.clock.now() + 200)
    await world.timers.untilSleeping(world.clock.now() + minute)
    expect(received).toEqual([1])
    fails = true
    await world.happen(1)
    runner.wake()
    await world.timers.untilSleeping(world.clock.now() + 200)
    world.timers.moveTo(world.clock.now() + 200)
    // With SQLite in memory the pass goes on by itself; what it sleeps for is its backoff.
    while (!world.timers.wakings.some((at) => at <= world.clock.now() + second)) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    const [until = 0] = world.timers.wakings
    runner.wake()
    expect(world.timers.wakings).toContain(until)
    fails = false
    world.timers.moveTo(until)
    await world.timers.untilSleeping(until + 200)
    world.timers.moveTo(until + 200)
    await world.timers.untilSleeping(world.clock.now() + minute)
    expect(received).toEqual([1, 2])
  })

  test('has a moment to take what is under way when the process stops', async () => {
    const world = await openWorld()
    const gates: (() => void)[] = []
    const deliver = () => new Promise<void>((resolve) => gates.push(resolve))
    const begun = async (count: number) => {
      while (gates.length < count) await new Promise((resolve) => setImmediate(resolve))
    }
    await world.happen(2)
    const first = world.runner(deliver, { batchEvents: 1 })
    first.start()
    await begun(1)
    const stopping = first[Symbol.asyncDispose]()
    gates[0]?.()
    await stopping
    expect(gates).toHaveLength(1)
    expect((await world.store.auditSinks.find('siem'))?.sequence).toBe(1)
    const second = world.runner(deliver)
    second.start()
    await begun(2)
    const cut = second[Symbol.asyncDispose]()
    await world.timers.untilSleeping(world.clock.now() + 2000)
    world.timers.moveTo(world.clock.now() + 2000)
    await cut
    expect(await world.store.auditSinks.find('siem')).toMatchObject({ sequence: 1, trouble: undefined })
  })

  test('that is removed while it is fed is no reason to stop', async () => {
    const world = await openWorld()
    const received: number[] = []
    await using runner = world.runner(async (records) => {
      received.push(...eventsOf(records))
      await world.store.auditSinks.delete('siem')
    })
    await world.happen(1)
    await runner.pass()
    expect(await world.store.auditSinks.find('siem')).toBeUndefined()
    expect(received).toEqual([1])
  })
})

describe('whatever fails', () => {
  const fault = fc.constantFrom('none', 'before', 'part', 'after', 'crash', 'other replica')

  test('nothing is lost and nothing is out of order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ events: fc.nat({ max: 5 }), fault, wait: fc.nat({ max: 90 }) }), {
          minLength: 1,
          maxLength: 12,
        }),
        async (history) => {
          const world = await openWorld()
          const received: number[] = []
          let now: string = 'none'
          const deliver = async (records: readonly SinkRecord[]) => {
            const sequences = eventsOf(records)
            if (now === 'before') throw new SinkError('no')
            if (now === 'part') {
              received.push(...sequences.slice(0, Math.ceil(sequences.length / 2)))
              throw new SinkError('cut')
            }
            received.push(...sequences)
            if (now === 'after') throw new SinkError('the answer was lost')
          }
          const crashing = { move: () => Promise.reject(new Error('killed')), fail: () => Promise.resolve() }
          const replicas = [
            world.runner(deliver, { batchEvents: 3 }),
            world.runner(deliver, { batchEvents: 2 }),
          ] as const
          for (const step of history) {
            await world.happen(step.events)
            now = step.fault
            const runner = replicas[step.fault === 'other replica' ? 1 : 0]
            const one = step.fault === 'crash' ? world.runner(deliver, { notes: crashing }) : runner
            await one.pass().catch((error: unknown) => expect(error).toMatchObject({ message: 'killed' }))
            world.clock.advance(step.wait * second)
          }
          now = 'none'
          for (let last = 0; ;) {
            world.clock.advance(2 * minute)
            await replicas[0].pass()
            await world.chain()
            last = (await world.store.audit.last())?.sequence ?? 0
            if (((await world.store.auditSinks.find('siem'))?.sequence ?? 0) === last) break
          }
          expect(expectInOrder(received)).toBe((await world.store.audit.last())?.sequence ?? 0)
          await opened.pop()?.[Symbol.asyncDispose]()
        },
      ),
      { numRuns: 25 },
    )
  })

  test.each(['sqlite', 'postgres'])('replicas that race on %s deliver each event once', async (engine) => {
    const world = await openWorld(engine === 'sqlite' ? undefined : await createPostgresSchema())
    const received: number[] = []
    const deliver = async (records: readonly SinkRecord[]) => {
      // Others get their turn between reading and moving.
      await new Promise((resolve) => setImmediate(resolve))
      received.push(...eventsOf(records))
    }
    const replicas = [1, 2, 3].map(() => world.runner(deliver, { batchEvents: 3 }))
    for (let round = 0; round < 4; round++) {
      await world.happen(5)
      await Promise.all(replicas.map((replica) => replica.pass()))
      await Promise.all(replicas.map((replica) => replica.pass()))
    }
    expect(received).toEqual(upTo(20))
  })
})
