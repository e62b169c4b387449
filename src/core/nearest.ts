/**
 * @module The known name nearest to a mistyped one, for "did you mean" in messages about configuration and documents.
 */

/** Number of insertions, deletions and replacements between two texts (Levenshtein). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}

// Longer names are no slip of the finger, and comparing takes the product of both lengths.
const maxLength = 64

/** ` (did you mean X?)` when a known name is within a third of the length, otherwise nothing. */
export function suggest(name: string, known: readonly string[]): string {
  if (name.length > maxLength) return ''
  const [nearest] = known
    .map((candidate) => ({ candidate, steps: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, steps }) => steps <= Math.ceil(candidate.length / 3))
    .sort((a, b) => a.steps - b.steps)
  return nearest ? ` (did you mean ${nearest.candidate}?)` : ''
}
