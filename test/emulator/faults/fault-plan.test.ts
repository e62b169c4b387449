import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  FaultPlan,
  type Fault,
  type FaultMoment,
  type FaultRequest,
} from '../../../src/emulator/faults/fault-plan.js'
import { seededNumbers } from '../../../src/emulator/faults/seeded.js'

const throttle = { kind: 'throttle' } as const
const list = 'scim:ListUsers'

function request(changes: Partial<FaultRequest> = {}): FaultRequest {
  const when: FaultMoment = { at: 1 }
  return { operation: list, operations: new Set([list]), when, times: 1, fault: throttle, ...changes }
}

/** The kind of fault that hits each of the next calls; a dot for none. */
function hits(plan: FaultPlan, calls: number, operation = list): string {
  return Array.from({ length: calls }, () => plan.next(operation)?.kind ?? '.').join(' ')
}

describe('a fault', () => {
  test.each([
    ['the next call, once', {}, 'throttle . . .'],
    ['the third call', { when: { at: 3 } }, '. . throttle .'],
    ['the second call and the one after', { when: { at: 2 }, times: 2 }, '. throttle throttle .'],
    ['every call from the second on', { when: { at: 2 }, times: null }, '. throttle throttle throttle'],
  ] satisfies [string, Partial<FaultRequest>, string][])('hits %s', (_name, changes, expected) => {
    const plan = new FaultPlan()
    plan.add(request(changes))
    expect(hits(plan, 4)).toBe(expected)
  })

  test('hits no other operation, and counts only its own calls', () => {
    const plan = new FaultPlan()
    const id = plan.add(request({ when: { at: 2 } }))
    expect(hits(plan, 5, 'scim:GetUser')).toBe('. . . . .')
    expect(hits(plan, 3)).toBe('. throttle .')
    expect(plan.list()).toEqual([
      { id, operation: list, when: { at: 2 }, times: 1, fault: throttle, calls: 2, hits: 1 },
    ])
  })

  test('of two that are due the older hits, and the other the next call', () => {
    const plan = new FaultPlan()
    plan.add(request())
    plan.add(request({ fault: { kind: 'error' } }))
    expect(hits(plan, 3)).toBe('throttle error .')
  })

  test('a Region that is down comes before faults that are older', () => {
    const plan = new FaultPlan()
    plan.add(request())
    const id = plan.add(request({ times: null, fault: { kind: 'region-down', region: 'eu-central-1' } }))
    expect(hits(plan, 2)).toBe('region-down region-down')
    expect(plan.remove(id)).toBe(true)
    expect(hits(plan, 2)).toBe('throttle .')
  })

  test('that was removed hits nothing; an unknown one cannot be removed', () => {
    const plan = new FaultPlan()
    const id = plan.add(request())
    expect(plan.remove('fault-77')).toBe(false)
    expect(plan.remove(id)).toBe(true)
    expect(plan.remove(id)).toBe(false)
    expect(hits(plan, 2)).toBe('. .')
    const second = plan.add(request())
    expect(second).not.toBe(id)
    plan.clear()
    expect(plan.list()).toEqual([])
    expect(hits(plan, 1)).toBe('.')
  })
})

describe('chance', () => {
  const play = (seed: number, calls: number, probability = 0.3): string => {
    const plan = new FaultPlan()
    plan.add(request({ when: { probability, seed }, times: null }))
    return hits(plan, calls)
  }

  test('is the same for the same seed and calls', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (seed) => {
        expect(play(seed, 50)).toBe(play(seed, 50))
      }),
    )
  })

  test('differs between seeds', () => {
    const played = new Set(Array.from({ length: 200 }, (_, seed) => play(seed, 64)))
    expect(played.size).toBe(200)
  })

  test.each([1, 2, 12345, 0x6a09e667, 0xffff_ffff])('seed %d hits about as often as it says', (seed) => {
    const hit = play(seed, 10_000)
      .split(' ')
      .filter((kind) => kind !== '.').length
    expect(hit).toBeGreaterThan(2800)
    expect(hit).toBeLessThan(3200)
  })

  test('of one hits always, and its times end it', () => {
    const plan = new FaultPlan()
    plan.add(request({ when: { probability: 1, seed: 3 }, times: 2 }))
    expect(hits(plan, 4)).toBe('throttle throttle . .')
  })

  test('is not moved by another fault that hits in its place', () => {
    const kinds = (fault: Fault, extra: boolean): string => {
      const plan = new FaultPlan()
      if (extra) plan.add(request({ when: { at: 3 }, times: 4 }))
      plan.add(request({ when: { probability: 0.5, seed: 9 }, times: null, fault }))
      return hits(plan, 30)
    }
    const alone = kinds({ kind: 'error' }, false).split(' ')
    const crowded = kinds({ kind: 'error' }, true).split(' ')
    expect(crowded.slice(2, 6)).toEqual(Array(4).fill('throttle'))
    expect(crowded.slice(6)).toEqual(alone.slice(6))
  })

  test('numbers lie from 0 up to 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (seed) => {
        const next = seededNumbers(seed)
        const numbers = Array.from({ length: 100 }, () => next())
        expect(numbers.filter((number) => number < 0 || number >= 1)).toEqual([])
      }),
    )
  })
})

test('faults that have hit leave room for others; the last hundred of them stay in the list', () => {
  const plan = new FaultPlan()
  const ids = Array.from({ length: 250 }, () => {
    const id = plan.add(request())
    expect(hits(plan, 1)).toBe('throttle')
    expect(plan.size).toBe(0)
    return id
  })
  expect(plan.list().map(({ id }) => id)).toEqual(ids.slice(-100))
  plan.add(request())
  expect(plan.size).toBe(1)
})
