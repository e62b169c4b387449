/** @module Waiting as a dependency, so that tests decide when time has passed. */

export interface Timers {
  /** Calls `action` once after `ms` milliseconds unless cancelled; never keeps the process alive. */
  after(ms: number, action: () => void): () => void
}

export const systemTimers: Timers = {
  after(ms, action) {
    const timer = setTimeout(action, ms)
    timer.unref()
    return () => {
      clearTimeout(timer)
    }
  },
}
