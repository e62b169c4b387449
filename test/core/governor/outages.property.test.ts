import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Outages, type Gate } from '../../../src/core/governor/outages.js'

const gate: Gate = 'scim change'
const second = 1000
const minute = 60 * second

/** Asks as often as it may, `tries` at once, until the end; answers when. */
function askUntil(outages: Outages, from: number, end: number, stepMs: number): number[] {
  const asked: number[] = []
  for (let now = from; now < end; now += stepMs) {
    while (outages.mayBegin(gate, now)) {
      asked.push(now)
      outages.unanswered(gate, now)
    }
  }
  return asked
}

test('a service that is down is asked less and less often, at last once a minute, however many want to ask', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 * second }),
      fc.integer({ min: minute, max: 5 * 60 * minute }),
      (stepMs, length) => {
        const asked = askUntil(new Outages(), 0, length, stepMs)
        // Six doublings from a second to a minute, then one a minute.
        expect(asked.length).toBeLessThanOrEqual(9 + length / minute)
        const waits = asked.slice(1).map((at, index) => at - (asked[index] ?? 0))
        expect(waits).toEqual([...waits].sort((a, b) => a - b))
        for (const wait of waits) expect(wait).toBeLessThan(minute + stepMs)
      },
    ),
    { numRuns: 50 },
  )
})

test('after an outage of any length the first question comes within a minute, and its answer opens the gate for all', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 24 * 60 * minute }),
      fc.integer({ min: 1, max: 20 }),
      (length, others) => {
        const outages = new Outages()
        askUntil(outages, 0, length, 500)
        const until = outages.closedUntil(gate) ?? length
        expect(until - length).toBeLessThanOrEqual(minute)
        const now = Math.max(until, length)
        expect(outages.mayBegin(gate, now)).toBe(true)
        outages.answered(gate, now + 1)
        for (let one = 0; one < others; one++) expect(outages.mayBegin(gate, now + 1)).toBe(true)
      },
    ),
    { numRuns: 30 },
  )
})

test('one question at a time, and another one even where nothing is ever heard of the first', () => {
  const outages = new Outages()
  outages.unanswered(gate, 0)
  expect(outages.mayBegin(gate, 0)).toBe(true)
  outages.unanswered(gate, 0)
  expect(outages.mayBegin(gate, 999)).toBe(false)
  expect(outages.mayBegin(gate, 1000)).toBe(true)
  expect(outages.mayBegin(gate, 1000)).toBe(false)
  expect(outages.mayBegin(gate, 2000)).toBe(true)
})

test('one answer that is lost closes nothing, nor do several with answers between them', () => {
  const outages = new Outages()
  for (let now = 0; now < 10; now++) {
    outages.unanswered(gate, now)
    expect(outages.mayBegin(gate, now)).toBe(true)
    outages.answered(gate, now)
  }
})

test('calls that were under way together make the wait no longer than one does', () => {
  const outages = new Outages()
  for (let call = 0; call < 14; call++) outages.unanswered(gate, call)
  expect(outages.closedUntil(gate)).toBe(1 + second)
})

test('somebody who waits for something new may ask a moment after the last failure, not before', () => {
  const outages = new Outages()
  askUntil(outages, 0, 10 * minute, 500)
  const failedAt = 10 * minute
  outages.unanswered(gate, failedAt)
  outages.askSoon(gate, failedAt)
  expect(outages.mayBegin(gate, failedAt + second - 1)).toBe(false)
  expect(outages.mayBegin(gate, failedAt + second)).toBe(true)
  expect(outages.mayBegin(gate, failedAt + second)).toBe(false)
})

test('where one service answers again the others are asked at once; none is taken to be back', () => {
  const outages = new Outages()
  for (const one of [gate, 'sso-admin change'] as const) {
    for (const now of [0, 1000, 4000, 10_000]) {
      outages.mayBegin(one, now)
      outages.unanswered(one, now)
    }
  }
  expect(outages.mayBegin(gate, 12_000)).toBe(false)
  outages.answered('sso-admin change', 12_000)
  expect(outages.mayBegin(gate, 12_000)).toBe(true)
  expect(outages.mayBegin(gate, 12_000)).toBe(false)
  outages.answered('sso-admin change', 12_001)
  expect(outages.mayBegin(gate, 12_001)).toBe(false)
})
