/**
 * @module Turns among changes of assignments: one at a time for each key, and at most so many altogether. Urgent ones
 * go first, then those that came first; whoever stops waiting leaves the queue.
 */
import type { CallPriority } from '../core/governor/call.js'

const ranks: Readonly<Record<CallPriority, number>> = { interactive: 0, normal: 1, bulk: 2, scan: 3 }

interface Waiting {
  readonly key: string
  readonly rank: number
  readonly begin: () => void
}

export class Slots {
  readonly #size: number
  readonly #busy = new Set<string>()
  readonly #queue: Waiting[] = []

  constructor(size: number) {
    this.#size = size
  }

  /** Runs `work` when it is the turn of `key`. @throws the reason of `signal` where that is aborted while it waits */
  async run<T>(
    key: string,
    { priority, signal }: { readonly priority: CallPriority; readonly signal?: AbortSignal | undefined },
    work: () => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted()
    await this.#turn(key, ranks[priority], signal)
    try {
      return await work()
    } finally {
      this.#busy.delete(key)
      this.#next()
    }
  }

  #turn(key: string, rank: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        key,
        rank,
        begin: () => {
          signal?.removeEventListener('abort', leave)
          resolve()
        },
      }
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1)
        reject(signal?.reason instanceof Error ? signal.reason : new Error('stopped'))
      }
      signal?.addEventListener('abort', leave, { once: true })
      const behind = this.#queue.findIndex((other) => other.rank > rank)
      this.#queue.splice(behind === -1 ? this.#queue.length : behind, 0, waiting)
      this.#next()
    })
  }

  #next(): void {
    while (this.#busy.size < this.#size) {
      const at = this.#queue.findIndex(({ key }) => !this.#busy.has(key))
      const [waiting] = at === -1 ? [] : this.#queue.splice(at, 1)
      if (waiting === undefined) return
      this.#busy.add(waiting.key)
      waiting.begin()
    }
  }
}
