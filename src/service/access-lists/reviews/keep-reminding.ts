/**
 * @module Asks again and again whether owners of access lists are to be told something: at the instant at which there
 * is something to tell, and again and again, since lists and their dates change meanwhile: whoever makes a list that is
 * due, or puts somebody into it, sees its owners asked within seconds.
 */
import { second, type Instant } from '../../../core/time.js'
import type { Timers } from '../../../lib/timers.js'
import { remindOwners, type RemindDeps } from './remind.js'

const longestMs = 15 * second

/** Runs until disposed; a failure is logged and the next time tries again. */
export function startReminding(deps: RemindDeps & { readonly timers: Timers }): AsyncDisposable {
  const { timers, logger } = deps
  const stop = new AbortController()
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      let nextAt: Instant | undefined
      try {
        nextAt = await remindOwners(deps)
      } catch (error) {
        logger.error(
          { err: error },
          'owners of access lists could not be reminded; the next time tries again',
        )
      }
      const wait = Math.min(longestMs, Math.max(0, (nextAt ?? Infinity) - timers.now()))
      await timers.sleep(wait, stop.signal).catch(() => undefined)
    }
  }
  const running = run()
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await running
    },
  }
}
