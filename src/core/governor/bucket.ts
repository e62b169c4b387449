/**
 * @module A token bucket whose rate follows what AWS lets pass: halved at once when a call is throttled, held for as
 * long as AWS asks, grown back step by step (additive increase, multiplicative decrease). Time is an argument.
 */
import { minute, second, type DurationMs, type Instant } from '../time.js'
import type { Limit } from './limits.js'

/** From nothing back to the whole rate without another refusal. */
const recovery: DurationMs = minute
/** Where AWS does not say for how long. */
const shortHold: DurationMs = second
const longestHold: DurationMs = minute
/** The rate never falls below one call in five seconds: what is never tried never recovers. */
const leastRate = 0.2
/** Share of a bucket that only interactive calls may take, so that they never wait behind the others. */
const reservedShare = 0.2

export class Bucket {
  readonly #full: number
  readonly #burst: number
  readonly #ceiling: number
  #rate: number
  #tokens: number
  #at: Instant
  #heldUntil: Instant = 0
  #cutAt: Instant = -1

  constructor(limit: Limit, ceiling: number, share: number, now: Instant) {
    this.#full = Math.max(limit.perSecond * share, leastRate)
    this.#ceiling = Math.max(ceiling * share, this.#full)
    this.#burst = Math.max(limit.burst * share, 1)
    this.#rate = this.#full
    this.#tokens = this.#burst
    this.#at = now
  }

  get rate(): number {
    return this.#rate
  }

  /** When a call of this cost may begin; an instant at or before `now` means at once. */
  readyAt(cost: number, interactive: boolean, now: Instant): Instant {
    this.#fill(now)
    const needed = this.#take(cost) + (interactive ? 0 : this.#reserve())
    const missing = needed - this.#tokens
    const filled = missing <= 1e-9 ? now : now + Math.ceil((missing / this.#rate) * second)
    return Math.max(filled, this.#heldUntil)
  }

  take(cost: number, now: Instant): void {
    this.#fill(now)
    this.#tokens -= this.#take(cost)
  }

  /** A refusal of a call that began then; of calls that were under way together only the first one cuts. */
  throttled(begunAt: Instant, retryAfterMs: DurationMs | undefined, now: Instant): void {
    this.#fill(now)
    const hold = Math.min(Math.max(retryAfterMs ?? shortHold, 0), longestHold)
    this.#heldUntil = Math.max(this.#heldUntil, now + hold)
    if (begunAt <= this.#cutAt) return
    this.#cutAt = now
    this.#rate = Math.max(this.#rate / 2, leastRate)
    this.#tokens = Math.min(this.#tokens, 1)
  }

  /** Feels for more than the first guess, where AWS publishes no figure. */
  succeeded(cost: number): void {
    if (this.#ceiling > this.#full && this.#rate >= this.#full) {
      this.#rate = Math.min(this.#ceiling, this.#rate + cost / 20)
    }
  }

  #fill(now: Instant): void {
    // A clock that was set back fills nothing and takes nothing.
    const elapsed = Math.max(0, now - this.#at)
    this.#at = now
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsed / second) * this.#rate)
    if (this.#rate < this.#full && now > this.#heldUntil) {
      this.#rate = Math.min(this.#full, this.#rate + (elapsed / recovery) * this.#full)
    }
  }

  #reserve(): number {
    return this.#burst < 4 ? 0 : this.#burst * reservedShare
  }

  /** A cost above what the bucket ever holds beside its reserve waits for that much and no longer. */
  #take(cost: number): number {
    return Math.min(cost, this.#burst - this.#reserve())
  }
}
