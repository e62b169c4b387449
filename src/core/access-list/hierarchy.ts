/**
 * @module Which lists stand below which: a list that is a member of another, or owns it, stands below it, since its
 * people get what the other gives. No list may stand below itself, and no path may be longer than eleven lists. Each
 * question costs one walk over the edges.
 */

/** A list and one that it has as a member or as an owner. */
export interface ListEdge {
  readonly above: string
  readonly below: string
}

export interface HierarchyProblem {
  readonly kind: 'cycle' | 'too_deep'
  /** From above to below; of a cycle the first list is there again at its end. */
  readonly path: readonly string[]
}

/** Nested levels below a list (reference-behaviour §4). */
export const maxNesting = 10

/** All edges as they stand; lists that are named and do not exist are in it too. */
export class ListHierarchy {
  readonly #below = new Map<string, Set<string>>()
  readonly #above = new Map<string, Set<string>>()
  /** Lists that a question looked at, since the beginning. */
  looked = 0

  constructor(edges: Iterable<ListEdge> = []) {
    for (const edge of edges) this.add(edge)
  }

  add({ above, below }: ListEdge): void {
    insert(this.#below, above, below)
    insert(this.#above, below, above)
  }

  /** An edge that is there both as a member and as an owner is one: whoever takes it out knows that neither is left. */
  remove({ above, below }: ListEdge): void {
    this.#below.get(above)?.delete(below)
    this.#above.get(below)?.delete(above)
  }

  /** The lists directly below, in no order. */
  listBelow(list: string): ReadonlySet<string> {
    return this.#below.get(list) ?? nothing
  }

  /** What would be wrong with one more edge; undefined where nothing is. It is not added. */
  findProblem({ above, below }: ListEdge): HierarchyProblem | undefined {
    const way = this.#findWay(below, above)
    if (way !== undefined) return { kind: 'cycle', path: [above, ...way] }
    const up = this.#longest(above, this.#above)
    const down = this.#longest(below, this.#below)
    const path = [...up.reverse(), ...down]
    return path.length > maxNesting + 1 ? { kind: 'too_deep', path } : undefined
  }

  /** The shortest way down, both ends included. */
  #findWay(from: string, to: string): readonly string[] | undefined {
    const cameFrom = new Map<string, string | undefined>([[from, undefined]])
    // A Map is walked in the order of insertion, those that are added on the way included.
    for (const [list] of cameFrom) {
      this.looked += 1
      if (list === to) return wayTo(list, cameFrom)
      for (const next of this.#below.get(list) ?? nothing) if (!cameFrom.has(next)) cameFrom.set(next, list)
    }
    return undefined
  }

  /** A longest way along `edges`, `from` first. Ends where older rows make a circle, too. */
  #longest(from: string, edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
    const next = new Map<string, { readonly length: number; readonly list: string | undefined }>()
    const open: { readonly list: string; readonly rest: Iterator<string> }[] = []
    const isOpen = new Set<string>()
    const enter = (list: string): void => {
      this.looked += 1
      isOpen.add(list)
      next.set(list, { length: 1, list: undefined })
      open.push({ list, rest: (edges.get(list) ?? nothing).values() })
    }
    enter(from)
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const step = top.rest.next()
      if (step.done === true) {
        open.pop()
        isOpen.delete(top.list)
        const parent = open.at(-1)
        if (parent !== undefined) lengthen(next, parent.list, top.list)
      } else if (!next.has(step.value)) enter(step.value)
      // What is still open is on the way itself: older rows make a circle, which is cut here.
      else if (!isOpen.has(step.value)) lengthen(next, top.list, step.value)
    }
    const way: string[] = []
    for (let list: string | undefined = from; list !== undefined; list = next.get(list)?.list) way.push(list)
    return way
  }
}

const nothing: ReadonlySet<string> = new Set()

function insert(edges: Map<string, Set<string>>, from: string, to: string): void {
  const of = edges.get(from)
  if (of === undefined) edges.set(from, new Set([to]))
  else of.add(to)
}

function wayTo(list: string, cameFrom: ReadonlyMap<string, string | undefined>): string[] {
  const way: string[] = []
  for (let at: string | undefined = list; at !== undefined; at = cameFrom.get(at)) way.push(at)
  return way.reverse()
}

function lengthen(
  next: Map<string, { readonly length: number; readonly list: string | undefined }>,
  list: string,
  by: string,
): void {
  const length = (next.get(by)?.length ?? 0) + 1
  if (length > (next.get(list)?.length ?? 0)) next.set(list, { length, list: by })
}

/** "a -> b -> a". */
export function pathWords(path: readonly string[]): string {
  return path.join(' -> ')
}
