/** A sample of the histories over real sockets: what is simulated without them is the same. */
import { expect, test } from 'vitest'
import { runHistory } from './history.js'

test.each([6, 12, 21])(
  'the history of seed %i ends as it should over HTTP',
  { timeout: 120_000 },
  async (seed) => {
    const { problems, calls } = await runHistory(seed, { overHttp: true })
    expect(problems).toEqual([])
    expect(calls.length).toBeGreaterThan(20)
  },
)
