/**
 * @module Looks for news while a plan is being done, which may take hours: what is written meanwhile, here or by another
 * replica, and what ends by time alone. It never acts on news; it tells.
 */
import type { DurationMs, Instant } from '../core/time.js'
import type { Timers } from '../lib/timers.js'

export interface WatchOptions {
  readonly timers: Timers
  readonly everyMs: DurationMs
  /** When the next thing ends by time. */
  readonly nextAt: () => Instant | undefined
  readonly isNews: () => Promise<boolean>
  readonly onNews: () => void
  readonly onError: (error: unknown) => void
}

export class Watch {
  readonly #options: WatchOptions
  readonly #stop = new AbortController()
  readonly #watching: Promise<void>
  #pause = new AbortController()
  #news = signalOnce()
  #isTold = false
  #isWoken = false

  constructor(options: WatchOptions) {
    this.#options = options
    this.#watching = this.#watch().catch(options.onError)
  }

  /** Resolves at the next news, and goes on doing so until they are taken. */
  next(): Promise<void> {
    return this.#news.promise
  }

  /** What was told is being looked at; what comes from now on is told anew. */
  take(): void {
    this.#news = signalOnce()
  }

  /** News are known to be there. The first are told at once; later ones are looked at together, at the next look. */
  wake(): void {
    this.#isWoken = true
    if (!this.#isTold) this.#pause.abort()
  }

  /** There may be news: looks now, if the first are still to be told. */
  look(): void {
    if (!this.#isTold) this.#pause.abort()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#pause.abort()
    await this.#watching
  }

  async #watch(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#sleep()
      if (this.#stop.signal.aborted) return
      const isNews = (await this.#options.isNews()) || this.#isWoken
      if (!isNews) continue
      this.#isWoken = false
      this.#isTold = true
      this.#options.onNews()
      this.#news.resolve()
    }
  }

  async #sleep(): Promise<void> {
    const { timers, everyMs, nextAt } = this.#options
    const at = nextAt() ?? Infinity
    this.#pause = new AbortController()
    try {
      await timers.sleep(Math.min(everyMs, Math.max(at - timers.now(), 1)), this.#pause.signal)
    } catch (error) {
      if (!this.#pause.signal.aborted) throw error
    }
  }
}

function signalOnce(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}
