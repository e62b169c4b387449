/** @module Counts by minute of the last hour, in a ring of fixed size. */
import { minute, type Instant } from '../time.js'

interface Count {
  minute: number
  calls: number
  throttled: number
}

const length = 60

export class MinuteCounts {
  readonly #ring: Count[] = Array.from({ length }, () => ({ minute: -1, calls: 0, throttled: 0 }))

  add(what: 'calls' | 'throttled', now: Instant): void {
    const at = Math.floor(now / minute)
    const slot = this.#ring[((at % length) + length) % length]
    if (slot === undefined) return
    if (slot.minute !== at) Object.assign(slot, { minute: at, calls: 0, throttled: 0 })
    slot[what] += 1
  }

  /** Oldest first, the minute that runs last. */
  list(now: Instant): { readonly calls: number; readonly throttled: number }[] {
    const last = Math.floor(now / minute)
    return Array.from({ length }, (_, index) => {
      const at = last - (length - 1) + index
      const slot = this.#ring[((at % length) + length) % length]
      return slot?.minute === at
        ? { calls: slot.calls, throttled: slot.throttled }
        : { calls: 0, throttled: 0 }
    })
  }
}
