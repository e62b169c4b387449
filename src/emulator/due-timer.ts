/**
 * @module Wakes the emulator when something is due on a real clock. It keeps no process alive, and a virtual clock has
 * none: there, time moves by calls.
 */
import type { Clock } from '../lib/clock.js'

/** Node fires at once where a delay does not fit into 31 bits. */
const longestDelayMs = 2 ** 31 - 1

export class DueTimer {
  readonly #clock: Clock
  readonly #wake: () => void
  #timer: NodeJS.Timeout | undefined
  #closed = false

  /** `wake` may be called a little early, and arms the timer again where something is left. */
  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock
    this.#wake = wake
  }

  /** Wakes at `at` (milliseconds since the epoch) and at no other instant; never where it is undefined. */
  arm(at: number | undefined): void {
    clearTimeout(this.#timer)
    if (at === undefined || this.#closed) return
    const delay = Math.min(Math.max(0, at - this.#clock.now()), longestDelayMs)
    this.#timer = setTimeout(this.#wake, delay)
    this.#timer.unref()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }
}
