/**
 * @module What failed and when it is tried again: by action, doubled with each attempt from half a minute to an hour.
 * One bad object waits alone; the rest goes on.
 */
import type { AwsFailure } from '../core/governor/call.js'
import type { FailureWords } from '../core/plan/failure-words.js'
import type { Action, ActionKey } from '../core/plan/plan.js'
import { hour, second, type Instant } from '../core/time.js'
import { objectOf } from './change.js'
import type { Failure } from './notes.js'

const shortest = 30 * second
const longest = hour

export class Failures {
  readonly #byKey: Map<ActionKey, Failure>

  constructor(known: readonly Failure[]) {
    this.#byKey = new Map(known.map((failure) => [failure.key, failure]))
  }

  add(action: Action, failure: AwsFailure, words: FailureWords, now: Instant): void {
    // No fault of the object: the limits of AWS, or credentials that would fail for everybody.
    if (failure === 'throttled' || failure === 'unauthorized') return
    const before = this.#byKey.get(action.key)
    const attempts = (before?.attempts ?? 0) + 1
    // One lost answer is found out by the next cycle, which reads AWS first; from the second on something is wrong.
    const isFound = failure === 'unknown_outcome' && attempts === 1
    const wait = isFound ? 0 : Math.min(shortest * 2 ** Math.min(attempts - 1, 20), longest)
    this.#byKey.set(action.key, {
      key: action.key,
      ...objectOf(action),
      ...words,
      since: before?.since ?? now,
      attempts,
      notBefore: now + wait,
    })
  }

  /** What ended and did not fail; what failed again keeps its count. */
  forgetDone(ended: Iterable<ActionKey>, failed: readonly { readonly action: Action }[]): void {
    const again = new Set(failed.map(({ action }) => action.key))
    for (const key of ended) if (!again.has(key)) this.#byKey.delete(key)
  }

  /** Tries again at once what concerns this object. */
  forgetObject(name: string): void {
    for (const { key, name: of } of [...this.#byKey.values()]) {
      if (of === name || of.startsWith(`${name} `)) this.#byKey.delete(key)
    }
  }

  /** Without those that no plan asks for any more. */
  keepOnly(keys: ReadonlySet<ActionKey>): void {
    for (const key of [...this.#byKey.keys()]) if (!keys.has(key)) this.#byKey.delete(key)
  }

  waits(): ReadonlyMap<ActionKey, Instant> {
    return new Map([...this.#byKey.values()].map(({ key, notBefore }) => [key, notBefore]))
  }

  nextAt(now: Instant): Instant | undefined {
    const later = [...this.#byKey.values()].map(({ notBefore }) => notBefore).filter((at) => at > now)
    return later.length === 0 ? undefined : Math.min(...later)
  }

  list(): Failure[] {
    return [...this.#byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  }
}
