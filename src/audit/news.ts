/**
 * @module Lets readers wait for audit events that have joined the chain. The sequencer of this process tells at once;
 * for events of other replicas the store is asked at an interval, once for all who wait and not while nobody does.
 */
import { second, type DurationMs } from '../core/time.js'
import type { Logger } from '../lib/logger.js'
import type { Timers } from '../lib/timers.js'
import type { Store } from '../store/store.js'

export interface AuditNewsOptions {
  readonly store: Pick<Store, 'audit'>
  readonly timers: Timers
  readonly logger: Logger
  readonly pollMs?: DurationMs
}

export class AuditNews implements AsyncDisposable {
  readonly #options: AuditNewsOptions
  readonly #waiting = new Set<() => void>()
  readonly #stop = new AbortController()
  #version = 0
  #isPolling = false
  #last: number | undefined

  constructor(options: AuditNewsOptions) {
    this.#options = options
  }

  /** Aborted when the process stops: whoever follows the log ends then. */
  get ended(): AbortSignal {
    return this.#stop.signal
  }

  /** What to give to {@link waitPast}; taken before looking, so that nothing falls between. */
  get version(): number {
    return this.#version
  }

  /** Says that events have joined the chain. */
  tell(): void {
    this.#version += 1
    for (const wake of [...this.#waiting]) wake()
  }

  /** Resolves once there is news behind `version`, after `ms`, or once one of the signals is aborted; never throws. */
  async waitPast(version: number, ms: DurationMs, signal: AbortSignal): Promise<void> {
    if (this.#version > version || ms <= 0) return
    const any = AbortSignal.any([signal, this.#stop.signal])
    if (any.aborted) return
    const over = new AbortController()
    const wake = () => over.abort()
    this.#waiting.add(wake)
    void this.#poll()
    try {
      await this.#options.timers.sleep(ms, AbortSignal.any([any, over.signal])).catch(() => undefined)
    } finally {
      this.#waiting.delete(wake)
    }
  }

  /** Ends all waiting; whoever follows the log ends with it. */
  end(): void {
    this.#stop.abort(new Error('stopped'))
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.end()
    return Promise.resolve()
  }

  async #poll(): Promise<void> {
    if (this.#isPolling) return
    this.#isPolling = true
    const { store, timers, logger, pollMs = second } = this.#options
    try {
      while (this.#waiting.size > 0 && !this.#stop.signal.aborted) {
        await timers.sleep(pollMs, this.#stop.signal)
        const last = (await store.audit.last())?.sequence ?? 0
        if (this.#last !== undefined && last > this.#last) this.tell()
        this.#last = last
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) logger.warn({ err: error }, 'news of the audit log could not be read')
    } finally {
      this.#isPolling = false
      // Forgotten while nobody asks: the first look of the next ones is no news, they have just read themselves.
      if (this.#waiting.size === 0) this.#last = undefined
    }
  }
}
