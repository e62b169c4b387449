/**
 * @module When a webhook that was not taken is sent again: the schedule of Standard Webhooks, at growing distances for
 * about a day, each a little earlier or later by chance, so that what failed together does not come back together.
 */
import { hour, minute, second, type DurationMs } from '../time.js'

/** Behind the first, second, ... attempt. */
const delays: readonly DurationMs[] = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
  8 * hour,
]

/** Some more than all delays together: what is older is news no more. */
export const webhookWorthMs = 30 * hour

/** A fifth of the delay, to either side. */
const spread = 0.2

/**
 * How long to wait behind so many attempts, or undefined when it is given up. `chance` is between 0 and 1.
 */
export function retryDelayMs(attempts: number, chance: number): DurationMs | undefined {
  const delay = delays[Math.max(attempts, 1) - 1]
  return delay === undefined ? undefined : Math.round(delay * (1 - spread + 2 * spread * chance))
}
