/**
 * @module What a replica does when another one says that it has written something: it looks, as it would by itself a
 * little later. Under load others write all the time, so it looks at once and then a few times a second at most.
 */
import { minute, second, type DurationMs } from '../core/time.js'
import type { NoticeTopic } from '../store/notice-store.js'

export interface Hearers {
  /** Whatever is kept of the store is brought up to date, and the holder of the lease looks for work. */
  readonly look: () => void
  /**
   * Gives events their place in the chain. The one that wrote them does so within a moment, so this is for those that a
   * replica left behind when it died.
   */
  readonly chain: () => void
  readonly send: (channel: Exclude<NoticeTopic, 'commit'>) => void
}

const lookEveryMs = second / 5
const chainAfterMs = second
/** A replica that died may have told nobody. */
const chainEveryMs = minute

export interface Hearing extends AsyncDisposable {
  readonly hear: (topic: NoticeTopic) => void
}

export function hearReplicas({ look, chain, send }: Hearers): Hearing {
  const timers = new Set<NodeJS.Timeout>()
  const after = (ms: DurationMs, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, ms)
    timer.unref()
    timers.add(timer)
  }
  let isQuiet = true
  let isNews = false
  const lookSoon = (): void => {
    isNews = !isQuiet
    if (!isQuiet) return
    isQuiet = false
    look()
    after(lookEveryMs, () => {
      isQuiet = true
      if (isNews) lookSoon()
    })
  }
  let isChaining = false
  const chainSoon = (): void => {
    if (isChaining) return
    isChaining = true
    after(chainAfterMs, () => {
      isChaining = false
      chain()
    })
  }
  const regularly = setInterval(chain, chainEveryMs)
  regularly.unref()
  return {
    hear: (topic) => {
      if (topic !== 'commit') send(topic)
      else {
        lookSoon()
        chainSoon()
      }
    },
    [Symbol.asyncDispose]: () => {
      clearInterval(regularly)
      for (const timer of timers) clearTimeout(timer)
      return Promise.resolve()
    },
  }
}
