/**
 * @module Time as a dependency. Everything that needs the present asks a Clock, so that tests and the
 * emulator can hold or move it. Nothing else in `src` may call `Date.now()`.
 */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number

export interface Clock {
  /** The present instant, in milliseconds since the epoch. */
  now(): EpochMs
}

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  #now: EpochMs
  constructor(start: EpochMs) {
    this.#now = start
  }
  now(): EpochMs {
    return this.#now
  }
  advance(ms: number): void {
    this.#now += ms
  }
  set(instant: EpochMs): void {
    this.#now = instant
  }
}
