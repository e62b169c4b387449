/** @module Time that moves when the test says so: whoever sleeps is woken on the way, in the order of their instants. */
import type { ManualClock } from '../../src/lib/clock.js'
import type { Timers } from '../../src/lib/timers.js'

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

export class SteppedTimers implements Timers {
  readonly clock: ManualClock
  readonly #sleepers = new Set<Sleeper>()
  readonly #watching = new Set<() => void>()

  constructor(clock: ManualClock) {
    this.clock = clock
  }

  now(): number {
    return this.clock.now()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const end = () => {
        this.#sleepers.delete(sleeper)
        signal?.removeEventListener('abort', stop)
      }
      const stop = () => {
        end()
        reject(new Error('stopped'))
      }
      const wake = () => {
        end()
        resolve()
      }
      const sleeper: Sleeper = { until: this.now() + Math.max(ms, 0), wake }
      this.#sleepers.add(sleeper)
      signal?.addEventListener('abort', stop, { once: true })
      for (const seen of this.#watching) seen()
    })
  }

  /** The instants at which somebody wakes, ascending. */
  get wakings(): number[] {
    return [...this.#sleepers].map(({ until }) => until).sort((a, b) => a - b)
  }

  /** Waits until somebody sleeps until exactly this instant. */
  async untilSleeping(until: number): Promise<void> {
    while (!this.wakings.includes(until)) {
      await new Promise<void>((resolve) => {
        const seen = () => {
          this.#watching.delete(seen)
          resolve()
        }
        this.#watching.add(seen)
      })
    }
  }

  /** Moves to this instant and wakes who sleeps until then. */
  moveTo(instant: number): void {
    this.clock.set(instant)
    for (const { until, wake } of [...this.#sleepers].sort((a, b) => a.until - b.until)) {
      if (until <= instant) wake()
    }
  }
}
