/**
 * @module Turns among changes of assignments: one at a time for each key, and at most so many of each kind. Urgent ones
 * go first, then those that came first; whoever stops waiting leaves the queue.
 */
import type { CallPriority } from '../core/governor/call.js'

const ranks: Readonly<Record<CallPriority, number>> = {
  interactive: 0,
  follow: 1,
  normal: 2,
  bulk: 3,
  scan: 4,
}

interface Waiting<K extends string> {
  readonly key: string
  readonly kind: K
  readonly rank: number
  readonly begin: () => void
}

export class Slots<K extends string> {
  readonly #sizes: Readonly<Record<K, number>>
  /** By key. */
  readonly #busy = new Map<string, K>()
  readonly #queue: Waiting<K>[] = []

  constructor(sizes: Readonly<Record<K, number>>) {
    this.#sizes = sizes
  }

  /** Runs `work` when it is the turn of `key`. @throws the reason of `signal` where that is aborted while it waits */
  async run<T>(
    { key, kind }: { readonly key: string; readonly kind: K },
    { priority, signal }: { readonly priority: CallPriority; readonly signal?: AbortSignal | undefined },
    work: () => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted()
    await this.#turn(key, kind, ranks[priority], signal)
    try {
      return await work()
    } finally {
      this.#busy.delete(key)
      this.#next()
    }
  }

  #turn(key: string, kind: K, rank: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting<K> = {
        key,
        kind,
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
    for (;;) {
      const at = this.#queue.findIndex(({ key, kind }) => !this.#busy.has(key) && this.#isFree(kind))
      const [waiting] = at === -1 ? [] : this.#queue.splice(at, 1)
      if (waiting === undefined) return
      this.#busy.set(waiting.key, waiting.kind)
      waiting.begin()
    }
  }

  #isFree(kind: K): boolean {
    return [...this.#busy.values()].filter((one) => one === kind).length < this.#sizes[kind]
  }
}
