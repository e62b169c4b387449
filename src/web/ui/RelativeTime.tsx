/** @module A time relative to now, kept current, with the exact one and its zone on hover. */
import { useSyncExternalStore } from 'react'
import { formatExact, formatRelative } from './format.js'

let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for all times on the page, so that they move together and only while somebody looks. */
function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) now = Date.now()
  listeners.add(listener)
  timer ??= setInterval(tick, 15_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick(): void {
  now = Date.now()
  for (const listener of listeners) listener()
}

export function RelativeTime({ at }: { at: string }) {
  const current = useSyncExternalStore(subscribe, () => now)
  const instant = Date.parse(at)
  if (Number.isNaN(instant)) return <span>{at}</span>
  return (
    <time dateTime={at} title={formatExact(instant)} style={{ whiteSpace: 'nowrap' }}>
      {formatRelative(instant, current)}
    </time>
  )
}
