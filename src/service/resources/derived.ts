/**
 * @module What is made of all resources of a kind: of a change the next state of it is made from the one before, and
 * from what changed alone. Each catalog keeps the last state, however many there were, and it goes with the catalog.
 */
import type { CatalogView, Parsed, ParsedByName } from './catalog-view.js'

/** What was made of other resources, with those that are not the same any more. */
export interface Earlier<T> {
  readonly value: T
  readonly changes: readonly Change[]
}

/** Of one resource; undefined: there was none, or there is none any more. */
export interface Change {
  readonly name: string
  readonly before: Parsed | undefined
  readonly after: Parsed | undefined
}

interface Kept<T> {
  readonly from: ParsedByName
  readonly value: T
}

export class Derived<T> {
  readonly #kept = new WeakMap<object, Kept<T>>()

  /** What `make` makes of them, the same as without `earlier`. Views of a transaction keep nothing and are given nothing. */
  of(
    { contents: { lineage } }: Pick<CatalogView, 'contents'>,
    parsed: ParsedByName,
    make: (earlier: Earlier<T> | undefined) => T,
  ): T {
    if (lineage === undefined) return make(undefined)
    const known = this.#kept.get(lineage)
    const value = make(known && { value: known.value, changes: changesBetween(known.from, parsed) })
    this.#kept.set(lineage, { from: parsed, value })
    return value
  }
}

/** A resource that was written is another object; most stay, in the same order. */
export function changesBetween(before: ParsedByName, after: ParsedByName): readonly Change[] {
  if (before === after) return []
  const changes: Change[] = []
  const inStep = before.values()
  let added = 0
  for (const [name, parsed] of after) {
    if (inStep.next().value === parsed) continue
    const was = before.get(name)
    if (was === parsed) continue
    changes.push({ name, before: was, after: parsed })
    if (was === undefined) added += 1
  }
  if (after.size - added === before.size) return changes
  for (const [name, was] of before) {
    if (!after.has(name)) changes.push({ name, before: was, after: undefined })
  }
  return changes
}
