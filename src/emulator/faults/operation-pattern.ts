/**
 * @module Names of operations as a fault names them: exactly, or with `*` for any run of characters. A name that means
 * nothing is refused with those that come near it: a fault that can never hit would make a test pass for nothing.
 */
import { editDistance } from '../edit-distance.js'

/** The names that `pattern` means, in the order of `names`. */
export function matchOperations(pattern: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => matches(pattern, name))
}

/** Up to three of `names`, the nearest first. */
export function nearOperations(pattern: string, names: readonly string[]): readonly string[] {
  const wanted = pattern.toLowerCase()
  const operation = wanted.slice(wanted.indexOf(':') + 1)
  // The right operation under a wrong service, or without one, is as near as one wrong letter.
  const distanceTo = (name: string): number => {
    const known = name.toLowerCase()
    return Math.min(
      editDistance(wanted, known),
      1 + editDistance(operation, known.slice(known.indexOf(':') + 1)),
    )
  }
  return names
    .map((name) => ({ name, distance: distanceTo(name) }))
    .filter(({ name, distance }) => distance <= (name.length - name.indexOf(':')) / 4)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name)
}

/** Piece by piece from the left: the time is that of reading the name, whatever the pattern. */
function matches(pattern: string, name: string): boolean {
  const pieces = pattern.split('*')
  const [first = '', ...rest] = pieces
  const last = rest.pop()
  if (last === undefined) return pattern === name
  if (!name.startsWith(first)) return false
  let from = first.length
  for (const piece of rest) {
    const at = name.indexOf(piece, from)
    if (at === -1) return false
    from = at + piece.length
  }
  return name.length - last.length >= from && name.endsWith(last)
}
