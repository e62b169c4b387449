/**
 * @module Known names like one that nobody has: those that differ in case alone, or by a slip of the finger. Work is
 * bounded for each name that is asked about, however many are known.
 */
import { foldName } from '../user/user.js'

const maxSuggestions = 3
/** Longer names are no slip of the finger. */
const maxLength = 80
const maxSteps = 2

export type SuggestNames = (name: string) => string[]

/** Made once for many questions about the same names. */
export function createSuggestions(known: Iterable<string>): SuggestNames {
  const byLength = new Map<number, { readonly name: string; readonly folded: string }[]>()
  for (const name of known) {
    const folded = foldName(name)
    const of = byLength.get(folded.length)
    if (of === undefined) byLength.set(folded.length, [{ name, folded }])
    else of.push({ name, folded })
  }
  return (asked) => {
    const folded = foldName(asked)
    if (folded.length > maxLength) return []
    const found: { readonly name: string; readonly steps: number }[] = []
    for (let length = folded.length - maxSteps; length <= folded.length + maxSteps; length += 1) {
      for (const candidate of byLength.get(length) ?? []) {
        const steps = stepsBetween(folded, candidate.folded)
        if (steps <= maxSteps) found.push({ name: candidate.name, steps })
      }
    }
    return found
      .sort((a, b) => a.steps - b.steps || (a.name < b.name ? -1 : 1))
      .slice(0, maxSuggestions)
      .map(({ name }) => name)
  }
}

/**
 * Insertions, deletions and replacements between two texts, as far as there are no more than {@link maxSteps}: only the
 * diagonals near the middle are looked at, and it stops as soon as all are beyond.
 */
function stepsBetween(a: string, b: string): number {
  if (a === b) return 0
  let before = new Map<number, number>()
  for (let offset = 0; offset <= maxSteps; offset += 1) before.set(offset, offset)
  for (let row = 1; row <= a.length; row += 1) {
    const now = new Map<number, number>()
    let least = Infinity
    for (let offset = -maxSteps; offset <= maxSteps; offset += 1) {
      const column = row + offset
      if (column < 0 || column > b.length) continue
      const replaced = (before.get(offset) ?? Infinity) + (column > 0 && a[row - 1] === b[column - 1] ? 0 : 1)
      const steps =
        column === 0
          ? row
          : Math.min(
              replaced,
              (before.get(offset + 1) ?? Infinity) + 1,
              (now.get(offset - 1) ?? Infinity) + 1,
            )
      now.set(offset, steps)
      least = Math.min(least, steps)
    }
    if (least > maxSteps) return least
    before = now
  }
  return before.get(b.length - a.length) ?? Infinity
}
