/** A few histories of the simulation; `npm run test:sim` plays many. */
import { expect, test } from 'vitest'
import { runHistory } from './history.js'

test.each([2, 5, 11])('the history of seed %i ends as it should', { timeout: 120_000 }, async (seed) => {
  expect((await runHistory(seed)).problems).toEqual([])
})

test('a history replays, call by call', { timeout: 120_000 }, async () => {
  const [a, b] = [await runHistory(3), await runHistory(3)]
  expect(a.calls.length).toBeGreaterThan(10)
  expect(b.calls).toEqual(a.calls)
  expect(b.log).toEqual(a.log)
})
