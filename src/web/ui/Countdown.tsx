/** @module How long it is until an instant, by the second, with the exact time on hover. */
import { useSyncExternalStore } from 'react'
import { formatExact } from './format.js'
import { spanWords } from './request-words.js'

let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for all of them, which runs only while there is one. */
function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) now = Date.now()
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const one of listeners) one()
  }, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

interface CountdownProps {
  to: string
  /** Stands once the instant has passed, until the server tells more. */
  passed?: string
}

export function Countdown({ to, passed = 'now' }: CountdownProps) {
  const current = useSyncExternalStore(subscribe, () => now)
  const at = Date.parse(to)
  if (Number.isNaN(at)) return <span>{to}</span>
  // Whoever listens to the page would hear every second of it.
  return (
    <time dateTime={to} title={formatExact(at)} className="gh-countdown" aria-live="off">
      {at > current ? spanWords(at - current) : passed}
    </time>
  )
}
