/** @module How long ago something was, as short as a column of a table wants it. */
import { day, hour, minute, second, type DurationMs } from '../core/time.js'

const units = [
  ['d', day],
  ['h', hour],
  ['m', minute],
] as const

/** `12d`, `3h`, `5m`, `40s`: the largest unit of which there is one. A clock that is behind gives `0s`. */
export function formatAge(age: DurationMs): string {
  const [letter, unit] = units.find(([, length]) => age >= length) ?? ['s', second]
  return `${Math.max(0, Math.floor(age / unit))}${letter}`
}
