/**
 * @module Faults that a test asked for, and which call each of them hits. A call is hit by one fault at most: a Region
 * that is down comes before all others, then the oldest; one that had to stand back hits the next call.
 */
import { seededNumbers } from './seeded.js'

/** What happens to a call instead of, or beside, its answer. */
export type Fault =
  | {
      readonly kind: 'throttle' | 'error' | 'expired-token' | 'reset-before' | 'reset-after' | 'truncate'
    }
  | { readonly kind: 'region-down'; readonly region: string }
  /** Waits this long before the call is carried out: real time, whatever the emulator's clock. */
  | { readonly kind: 'slow'; readonly delayMs: number }

/** Which of the calls are hit. */
export type FaultMoment =
  /** From the nth matching call on, counted from 1. */
  | { readonly at: number }
  /** Each matching call with this probability, by numbers that begin from the seed. */
  | { readonly probability: number; readonly seed: number }

export interface FaultRequest {
  /** As it was asked for, for the list. */
  readonly operation: string
  /** The operations that it means. */
  readonly operations: ReadonlySet<string>
  readonly when: FaultMoment
  /** Hits after which it is spent; null for never. */
  readonly times: number | null
  readonly fault: Fault
}

/** A fault as the list shows it. */
export interface PlannedFault {
  readonly id: string
  readonly operation: string
  readonly when: FaultMoment
  readonly times: number | null
  readonly fault: Fault
  /** Matching calls since it was asked for, while it was not spent. */
  readonly calls: number
  readonly hits: number
}

interface Entry {
  readonly id: string
  readonly request: FaultRequest
  /** Whether this call is due, asked once for each matching call in turn. */
  readonly isDue: (call: number) => boolean
  calls: number
  hits: number
}

/** Faults that have hit as often as they should stay in the list, so that a test can ask for their hits. */
const shownSpent = 100

function isLeft({ request, hits }: Entry): boolean {
  return hits !== request.times
}

export class FaultPlan {
  #entries: Entry[] = []
  #nextId = 1

  /** @returns its id */
  add(request: FaultRequest): string {
    const spent = this.#entries.filter((one) => !isLeft(one))
    const oldest = new Set(spent.slice(0, Math.max(0, spent.length + 1 - shownSpent)))
    this.#entries = this.#entries.filter((one) => !oldest.has(one))
    const entry = { id: `fault-${this.#nextId++}`, request, isDue: dueCalls(request.when), calls: 0, hits: 0 }
    if (request.fault.kind === 'region-down') this.#entries.unshift(entry)
    else this.#entries.push(entry)
    return entry.id
  }

  /** The fault that hits this call of `operation`, such as `sso-admin:ListInstances` or `scim:PatchGroup`. */
  next(operation: string): Fault | undefined {
    let hit: Entry | undefined
    for (const entry of this.#entries) {
      const { operations, times } = entry.request
      if (!operations.has(operation) || entry.hits === times) continue
      entry.calls += 1
      // Asked even where another fault hits: the same seed and calls shall give the same numbers.
      if (entry.isDue(entry.calls)) hit ??= entry
    }
    if (hit !== undefined) hit.hits += 1
    return hit?.request.fault
  }

  /** Faults that can still hit a call. */
  get size(): number {
    return this.#entries.filter(isLeft).length
  }

  /** In the order in which they are asked. */
  list(): readonly PlannedFault[] {
    return this.#entries.map(({ id, request: { operation, when, times, fault }, calls, hits }) => ({
      id,
      operation,
      when,
      times,
      fault,
      calls,
      hits,
    }))
  }

  /** @returns whether there was one of this id */
  remove(id: string): boolean {
    const before = this.#entries.length
    this.#entries = this.#entries.filter((entry) => entry.id !== id)
    return this.#entries.length < before
  }

  /** Removes all; an id is never given twice. */
  clear(): void {
    this.#entries = []
  }
}

function dueCalls(when: FaultMoment): (call: number) => boolean {
  if ('at' in when) return (call) => call >= when.at
  const next = seededNumbers(when.seed)
  return () => next() < when.probability
}
