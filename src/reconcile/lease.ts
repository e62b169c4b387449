/**
 * @module Who may change AWS: one holder at a time. AWS takes no fencing token, so the holder begins no call that could
 * outlive its lease, and a successor waits as long as one call may still be under way before it begins (T23).
 */
import { second, type DurationMs, type Instant } from '../core/time.js'
import type { Timers } from '../lib/timers.js'
import type { Lease, LeaseStore, StoreTransaction } from '../store/store.js'

/** How long a lease is good for, and what follows from it. Every replica of one database must use the same. */
export interface LeaseTimes {
  readonly ttlMs: DurationMs
  readonly renewEveryMs: DurationMs
  /** The longest that one call may take from its beginning. */
  readonly callMs: DurationMs
  /** What is left of a lease after the last moment at which a call may still be under way. */
  readonly marginMs: DurationMs
}

export const leaseTimes: LeaseTimes = {
  ttlMs: 15 * second,
  renewEveryMs: 5 * second,
  callMs: 9 * second,
  marginMs: second,
}

/** Thrown where another may hold the lease by now: everything stops, nothing is concluded. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

export interface LeaseOptions {
  readonly store: { readonly leases: LeaseStore }
  readonly timers: Timers
  readonly lease: string
  readonly holder: string
  /** {@link leaseTimes} where they are left out. */
  readonly times?: LeaseTimes
}

export class LeaseKeeper {
  readonly #options: LeaseOptions
  readonly #times: LeaseTimes
  #held: Lease | undefined
  /** Not before: calls of the one before us may still be under way. */
  #quietUntil: Instant = 0

  constructor(options: LeaseOptions) {
    this.#options = options
    this.#times = options.times ?? leaseTimes
  }

  /** How often a holder that only waits has to renew. */
  get renewEveryMs(): DurationMs {
    return this.#times.renewEveryMs
  }

  get isHolder(): boolean {
    return this.#held !== undefined && this.#options.timers.now() < this.#held.expiresAt
  }

  /** Instant from which the holder may call; in the past for one that has held for a while. */
  get quietUntil(): Instant {
    return this.#quietUntil
  }

  /** Takes or renews. Answers whether we hold it now. */
  async take(): Promise<boolean> {
    const { store, timers, lease, holder } = this.#options
    const now = timers.now()
    const before = this.#held
    const { ttlMs, callMs, marginMs } = this.#times
    const taken = await store.leases.take(lease, holder, now, ttlMs)
    if (taken === undefined) {
      this.#held = undefined
      return false
    }
    // A term of one's own goes on where it was not interrupted; a first term ever has no one before it.
    const goesOn = before?.term === taken.term && now < before.expiresAt
    if (!goesOn && taken.term > 1) this.#quietUntil = now + callMs + marginMs
    this.#held = taken
    return true
  }

  /** Renews where a third of its time has passed. @throws LeaseLost where it is another's. */
  async keep(): Promise<void> {
    const held = this.#held
    const now = this.#options.timers.now()
    const { ttlMs, renewEveryMs } = this.#times
    if (held !== undefined && held.expiresAt - now > ttlMs - renewEveryMs) return
    if (!(await this.take())) throw new LeaseLost('another replica holds the lease')
  }

  /** For the next call. @throws LeaseLost where too little is left. */
  deadline(): Instant {
    const now = this.#options.timers.now()
    const { callMs, marginMs } = this.#times
    const left = (this.#held?.expiresAt ?? 0) - marginMs - now
    if (left <= 0) throw new LeaseLost('the lease has ended')
    return now + Math.min(callMs, left)
  }

  /** Of the lease that is held; 0 without one, which no lease ever has. */
  get term(): number {
    return this.#held?.term ?? 0
  }

  /**
   * Within a transaction that must not be another's.
   * @throws LeaseLost where the store says that another holds it, or held it since the term began.
   */
  async assertIn(tx: Pick<StoreTransaction, 'leases'>, term: number): Promise<void> {
    const stored = await tx.leases.find(this.#options.lease)
    if (stored?.holder !== this.#options.holder || stored.term !== term) {
      throw new LeaseLost('another replica holds the lease')
    }
  }

  async release(): Promise<void> {
    const { store, lease, holder } = this.#options
    if (this.#held === undefined) return
    this.#held = undefined
    await store.leases.release(lease, holder)
  }
}
