/**
 * @module Which refusals of one actor get an event of their own: the first of a minute, and after that one whenever
 * their number has doubled, so that a flood leaves a dozen events and the size of it. Counts are kept in memory, for
 * each process by itself: a refusal that is left out costs no question to the store.
 */
import { minute, type Instant } from '../../core/time.js'

/** Refusals of one actor in a minute that get an event each. */
export const fullyRecorded = 30

/** Actors that are remembered before those whose minute is over are forgotten. */
const maxRemembered = 1000

interface Count {
  endsAt: Instant
  refusals: number
  /** Since the last event. */
  leftOut: number
}

export class RefusalCounts {
  readonly #counts = new Map<string, Count>()

  /** How many were left out since the last event of this actor; undefined where this one is left out, too. */
  count(actor: string, now: Instant): number | undefined {
    const count = this.#counts.get(actor) ?? this.#remember(actor, now)
    if (now >= count.endsAt) Object.assign(count, { endsAt: now + minute, refusals: 0 })
    count.refusals++
    if (!isRecorded(count.refusals)) {
      count.leftOut++
      return undefined
    }
    const { leftOut } = count
    count.leftOut = 0
    return leftOut
  }

  #remember(actor: string, now: Instant): Count {
    if (this.#counts.size >= maxRemembered) {
      for (const [name, { endsAt }] of this.#counts) if (now >= endsAt) this.#counts.delete(name)
    }
    const count = { endsAt: now + minute, refusals: 0, leftOut: 0 }
    this.#counts.set(actor, count)
    return count
  }
}

function isRecorded(refusals: number): boolean {
  return refusals <= fullyRecorded || Number.isInteger(Math.log2(refusals / fullyRecorded))
}
