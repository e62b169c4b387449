/**
 * @module Waiting as a dependency, beside the clock: the sync and the governor sleep through this, so that a seeded
 * scheduler can hold and order every wait of theirs. Times of a server or a page do not come here.
 */
import type { Clock } from './clock.js'

export interface Timers extends Clock {
  /** Resolves after `ms` (at once for 0 or less). @throws the reason of `signal` once that is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The longest wait that Node's timers take. */
const longestMs = 2 ** 31 - 1

export function systemTimers(clock: Clock): Timers {
  return {
    now: () => clock.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        const end = () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        }
        const timer = setTimeout(end, Math.min(Math.max(ms, 0), longestMs))
        const stop = () => {
          clearTimeout(timer)
          reject(signal?.reason instanceof Error ? signal.reason : new Error('stopped'))
        }
        signal?.addEventListener('abort', stop, { once: true })
      }),
  }
}
