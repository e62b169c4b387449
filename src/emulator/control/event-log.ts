/**
 * @module What happened, as it happens: calls, changes, faults. The last ones are kept for who comes late. Secrets never
 * get here: `context.ts` takes them out of changes before it tells them. What is kept is bounded in number and in bytes.
 */
import type { Settings } from '../settings.js'
import type { Change } from '../state/tables.js'

export type EmulatorEvent =
  | { readonly type: 'change'; readonly at: number; readonly change: Change }
  | {
      readonly type: 'call'
      readonly at: number
      readonly operation: string
      readonly caller: string
      readonly status: number
      /** Error code of the answer, where it was one. */
      readonly error?: string
      readonly requestId: string
    }
  | { readonly type: 'fault'; readonly at: number; readonly operation: string; readonly fault: string }
  | { readonly type: 'settings'; readonly at: number; readonly settings: Settings }
  | { readonly type: 'clock' | 'reset'; readonly at: number }

export type NumberedEvent = EmulatorEvent & { readonly id: number }

const capacity = 10_000
/** Of the kept events together, by `weigh`. */
const mostBytes = 64 * 1024 * 1024

export class EventLog {
  #kept: NumberedEvent[] = []
  /** Of each kept event. */
  #weights: number[] = []
  #bytes = 0
  #nextId = 1
  readonly #listeners = new Set<(event: NumberedEvent) => void>()

  emit(event: EmulatorEvent): void {
    const numbered = { ...event, id: this.#nextId++ }
    this.#kept.push(numbered)
    const weight = weigh(event)
    this.#weights.push(weight)
    this.#bytes += weight
    if (this.#kept.length > 2 * capacity || this.#bytes > mostBytes) this.#forgetOldest()
    for (const listener of this.#listeners) listener(numbered)
  }

  /** At most `limit` of the kept events whose id is greater, oldest first. */
  since(id: number, limit = Infinity): readonly NumberedEvent[] {
    // Ids have no gaps.
    const from = Math.max(0, id + 1 - this.firstId)
    return this.#kept.slice(from, from + limit)
  }

  /** Id of the oldest event that is kept. */
  get firstId(): number {
    return this.#nextId - this.#kept.length
  }

  /** Id of the newest event; 0 before the first. */
  get lastId(): number {
    return this.#nextId - 1
  }

  /** Calls `listener` for each event from now on, until the returned function is called. */
  listen(listener: (event: NumberedEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Down to half of either bound, so that this is seldom done; the newest event stays. */
  #forgetOldest(): void {
    let from = 0
    while (
      from < this.#kept.length - 1 &&
      (this.#kept.length - from > capacity || this.#bytes > mostBytes / 2)
    ) {
      this.#bytes -= this.#weights[from++] ?? 0
    }
    this.#kept = this.#kept.slice(from)
    this.#weights = this.#weights.slice(from)
  }
}

/** An estimate of the bytes of an event in memory: two for each unit of its texts, sixteen for anything else. */
function weigh(value: unknown): number {
  if (typeof value === 'string') return 16 + 2 * value.length
  if (typeof value !== 'object' || value === null) return 16
  let sum = 16
  if (Array.isArray(value)) for (const item of value) sum += weigh(item)
  else for (const name in value) sum += 16 + weigh((value as Record<string, unknown>)[name])
  return sum
}
