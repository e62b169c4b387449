/**
 * @module A token bucket on a clock that is asked for, never watched. It counts in thousandths of a token, so that a
 * whole rate a second refills a whole number each millisecond and no fraction is lost on the way.
 */

/** How fast a bucket fills and how much it holds. */
export interface Rate {
  readonly perSecond: number
  /** Tokens of a full bucket. */
  readonly burst: number
}

const unitsPerToken = 1000

export class TokenBucket {
  #rate: Rate
  #units: number
  #at: number
  /** Calls that found too few tokens. */
  refused = 0

  /** Begins full. `now` in milliseconds since the epoch, here and below. */
  constructor(rate: Rate, now: number) {
    this.#rate = rate
    this.#units = rate.burst * unitsPerToken
    this.#at = now
  }

  /** What it fills by from now on; what it holds beyond the new burst is lost. */
  change(rate: Rate, now: number): void {
    this.#refill(now)
    this.#rate = rate
    this.#units = Math.min(this.#units, rate.burst * unitsPerToken)
  }

  get rate(): Rate {
    return this.#rate
  }

  /** Tokens that are there. */
  level(now: number): number {
    this.#refill(now)
    return this.#units / unitsPerToken
  }

  /** Takes `cost` tokens, which may bring nobody below zero: look at {@link level} first. */
  take(cost: number, now: number): void {
    this.#refill(now)
    this.#units -= cost * unitsPerToken
  }

  /** A clock that was set back gives nothing, and counts from there on. */
  #refill(now: number): void {
    const elapsed = Math.max(0, now - this.#at)
    this.#at = now
    this.#units = Math.min(this.#rate.burst * unitsPerToken, this.#units + elapsed * this.#rate.perSecond)
  }
}
