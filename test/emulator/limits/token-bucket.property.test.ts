import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TokenBucket, type Rate } from '../../../src/emulator/limits/token-bucket.js'

const rates = fc.record({
  perSecond: fc.integer({ min: 1, max: 100 }),
  burst: fc.integer({ min: 1, max: 150 }),
}) satisfies fc.Arbitrary<Rate>

/** Waits between one question and the next, in milliseconds, and how many tokens are asked for. */
const histories = fc.array(
  fc.record({ wait: fc.integer({ min: 0, max: 3000 }), cost: fc.integer({ min: 1, max: 20 }) }),
  { maxLength: 120 },
)

interface Taken {
  readonly at: number
  readonly cost: number
}

/** Asks in turn, and takes where the tokens are there. */
function play(rate: Rate, history: readonly { wait: number; cost: number }[]): Taken[] {
  const bucket = new TokenBucket(rate, 0)
  const taken: Taken[] = []
  let now = 0
  for (const { wait, cost } of history) {
    now += wait
    if (bucket.level(now) < cost) continue
    bucket.take(cost, now)
    taken.push({ at: now, cost })
  }
  return taken
}

describe('a token bucket', () => {
  test('gives in no window more than its burst and what the window refills', () => {
    fc.assert(
      fc.property(rates, histories, (rate, history) => {
        const taken = play(rate, history)
        for (const [first, { at: from }] of taken.entries()) {
          let sum = 0
          for (const { at, cost } of taken.slice(first)) {
            sum += cost
            expect(sum).toBeLessThanOrEqual(rate.burst + (rate.perSecond * (at - from)) / 1000)
          }
        }
      }),
    )
  })

  test('refuses only what a count of all that was taken refuses, too', () => {
    fc.assert(
      fc.property(rates, histories, (rate, history) => {
        const bucket = new TokenBucket(rate, 0)
        // The naive model in thousandths, which are whole numbers.
        let units = rate.burst * 1000
        let now = 0
        for (const { wait, cost } of history) {
          now += wait
          units = Math.min(rate.burst * 1000, units + wait * rate.perSecond)
          expect(bucket.level(now)).toBe(units / 1000)
          if (units < cost * 1000) continue
          bucket.take(cost, now)
          units -= cost * 1000
        }
      }),
    )
  })

  test('refills the same in one step as in many', () => {
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 50 }), (rate, steps) => {
        const total = steps.reduce((sum, step) => sum + step, 0)
        const [once, often] = [new TokenBucket(rate, 0), new TokenBucket(rate, 0)]
        for (const bucket of [once, often]) bucket.take(rate.burst, 0)
        let now = 0
        for (const step of steps) often.level((now += step))
        expect(often.level(total)).toBe(once.level(total))
      }),
    )
  })

  test('never holds more than its burst, whatever the clock does', () => {
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: -5000, max: 5000 })), (rate, instants) => {
        const bucket = new TokenBucket(rate, 0)
        for (const now of instants) {
          const level = bucket.level(now)
          expect(level).toBeLessThanOrEqual(rate.burst)
          expect(level).toBeGreaterThanOrEqual(0)
          if (level >= 1) bucket.take(1, now)
        }
      }),
    )
  })
})
