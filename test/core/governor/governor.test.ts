import { describe, expect, test } from 'vitest'
import type { AwsCall, CallPriority } from '../../../src/core/governor/call.js'
import { Governor, type Ticket } from '../../../src/core/governor/governor.js'

const assign = (priority: CallPriority): AwsCall => ({
  service: 'sso-admin',
  operation: 'CreateAccountAssignment',
  priority,
})

/** Runs until everything has begun; answers when each began. */
function drain(governor: Governor, from: number): { ticket: Ticket; at: number }[] {
  const begun: { ticket: Ticket; at: number }[] = []
  let now = from
  for (;;) {
    for (const ticket of governor.begin(now)) begun.push({ ticket, at: now })
    const next = governor.nextAt(now)
    if (next === undefined) return begun
    now = Math.max(next, now + 1)
  }
}

describe('rates', () => {
  test('all of sso-admin together stays within its share of 20 a second', () => {
    const governor = new Governor({ rateShare: 0.8 })
    for (let n = 0; n < 160; n++) {
      governor.enqueue({ ...assign('normal'), operation: `Operation${n % 4}` }, 0)
    }
    const begun = drain(governor, 0)
    expect(begun).toHaveLength(160)
    for (const { at } of begun) {
      const within = begun.filter((one) => one.at >= at && one.at < at + 1000).length
      expect(within).toBeLessThanOrEqual(32)
    }
    expect(begun.at(-1)?.at).toBeGreaterThan(8000)
  })

  test('identitystore counts each operation apart', () => {
    const governor = new Governor({ rateShare: 1 })
    for (const operation of ['ListUsers', 'ListGroups']) {
      for (let n = 0; n < 16; n++) {
        governor.enqueue({ service: 'identitystore', operation, priority: 'interactive' }, 0)
      }
    }
    expect(governor.begin(0)).toHaveLength(32)
  })

  test('membership changes count against a limit of their own', () => {
    const governor = new Governor({ rateShare: 1 })
    const call = { service: 'scim', operation: 'PatchGroup', priority: 'bulk', memberships: 100 } as const
    for (let n = 0; n < 11; n++) governor.enqueue(call, 0)
    expect(drain(governor, 0).at(-1)?.at).toBeGreaterThan(7000)
  })
})

describe('priority', () => {
  test('a look how something ended goes behind what is to begin, and before all that nobody waits for', () => {
    const governor = new Governor({ rateShare: 1 })
    const all = ['bulk', 'follow', 'normal', 'interactive', 'follow', 'interactive'] as const
    // One bucket's worth goes before, so that each of these has to wait for its turn.
    for (let n = 0; n < 20; n++) governor.enqueue(assign('interactive'), 0)
    expect(governor.begin(0)).toHaveLength(20)
    for (const priority of all) governor.enqueue(assign(priority), 0)
    expect(drain(governor, 0).map(({ ticket }) => ticket.call.priority)).toEqual([
      ...['interactive', 'interactive', 'follow', 'follow', 'normal', 'bulk'],
    ])
  })

  test('a call for which a person waits begins at once beside a thousand bulk ones', () => {
    const governor = new Governor({ rateShare: 0.8 })
    for (let n = 0; n < 1000; n++) governor.enqueue(assign('bulk'), 0)
    for (let now = 0; now <= 5000; now += 50) governor.begin(now)
    const person = governor.enqueue(assign('interactive'), 5001)
    expect(governor.begin(5001)).toContain(person)
  })

  test('a scan that waits long goes before work that came later, and never before a person', () => {
    const governor = new Governor({ rateShare: 0.05 })
    governor.begin(0)
    const scan = governor.enqueue(assign('scan'), 0)
    for (let n = 0; n < 5; n++) governor.enqueue(assign('normal'), 70_000)
    const person = governor.enqueue(assign('interactive'), 70_000)
    const order = drain(governor, 70_000).map(({ ticket }) => ticket)
    expect(order.indexOf(person)).toBe(0)
    expect(order.indexOf(scan)).toBe(1)
  })

  test('a cancelled call is never begun', () => {
    const governor = new Governor({ rateShare: 1 })
    const ticket = governor.enqueue(assign('normal'), 0)
    governor.cancel(ticket)
    expect(governor.begin(0)).toEqual([])
    expect(governor.describe(0).queue).toBe(0)
  })
})

describe('throttling', () => {
  test('halves the rate once for calls that were under way together, and holds for as long as AWS asks', () => {
    const governor = new Governor({ rateShare: 1 })
    const tickets = [1, 2, 3].map(() => governor.enqueue(assign('normal'), 0))
    governor.begin(0)
    for (const ticket of tickets) governor.throttled(ticket, 3000, 10)
    expect(governor.describe(10).services[0]?.rate).toBe(10)
    governor.enqueue(assign('interactive'), 10)
    expect(governor.begin(3009)).toEqual([])
    expect(governor.begin(3010)).toHaveLength(1)
  })

  test('grows back to the whole rate, and no further', () => {
    const governor = new Governor({ rateShare: 1 })
    const ticket = governor.enqueue(assign('normal'), 0)
    governor.begin(0)
    governor.throttled(ticket, undefined, 0)
    for (let now = 0; now < 120_000; now += 1000) {
      governor.enqueue(assign('normal'), now)
      governor.begin(now)
    }
    expect(governor.describe(120_000).services[0]?.rate).toBe(20)
  })

  test('is told by minute', () => {
    const governor = new Governor({ rateShare: 1 })
    const ticket = governor.enqueue(assign('normal'), 0)
    governor.begin(0)
    governor.throttled(ticket, undefined, 61_000)
    const { history, services } = governor.describe(61_000)
    expect(history).toHaveLength(60)
    expect(history.slice(-2)).toEqual([
      { calls: 1, throttled: 0 },
      { calls: 0, throttled: 1 },
    ])
    expect(services[0]).toMatchObject({ calls: 1, throttled: 1, queue: 0, limit: 20 })
  })
})
