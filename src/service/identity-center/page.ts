/** @module Pages of lists that are made anew for each question: found by words, continued after the last one shown. */
import { findPlace, formatCursor, parseCursor } from '../../core/inventory/cursor.js'
import { compareText } from '../../core/inventory/inventory-index.js'

export interface PageInput {
  readonly search?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | undefined
  /** Of all pages. */
  readonly total: number
}

/** An item with the texts that its order goes by, which are different for each item. */
export interface Placed<T> {
  readonly item: T
  readonly order: readonly string[]
}

/** For lists that are shown often and seldom change: sorted once, then `pageOfSorted`. */
export function sortForPages<T>(
  items: readonly T[],
  orderOf: (item: T) => readonly string[],
): readonly Placed<T>[] {
  return items.map((item) => ({ item, order: orderOf(item) })).sort((a, b) => compareOrder(a.order, b.order))
}

/** What was sorted, without what is no more and with what is new, sorted too: the rest keeps its place. */
export function mergeForPages<T>(
  before: readonly Placed<T>[],
  stays: (item: T) => boolean,
  added: readonly Placed<T>[],
): readonly Placed<T>[] {
  const merged: Placed<T>[] = []
  let next = 0
  for (const placed of before) {
    if (!stays(placed.item)) continue
    for (
      let one = added[next];
      one !== undefined && compareOrder(one.order, placed.order) < 0;
      one = added[next]
    ) {
      merged.push(one)
      next += 1
    }
    merged.push(placed)
  }
  for (const one of added.slice(next)) merged.push(one)
  return merged
}

/**
 * Sorts by the texts of `orderOf`, which are different for each item, and shows those in which every word is found.
 * @throws GatewayError `INVALID_INPUT` for a cursor that no page gave.
 */
export function pageOf<T>(
  items: readonly T[],
  orderOf: (item: T) => readonly string[],
  textOf: (item: T) => string,
  input: PageInput,
): Page<T> {
  return pageOfSorted(sortForPages(items, orderOf), textOf, input)
}

/** As `pageOf`, of what is sorted already. @throws GatewayError `INVALID_INPUT` for a cursor that no page gave. */
export function pageOfSorted<T>(
  items: readonly Placed<T>[],
  textOf: (item: T) => string,
  { search, cursor, limit }: PageInput,
): Page<T> {
  const words = (search ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const found =
    words.length === 0
      ? items
      : items.filter(({ item }) => {
          const text = textOf(item).toLowerCase()
          return words.every((word) => text.includes(word))
        })
  const [first] = found
  const width = first?.order.length ?? 0
  let start = 0
  if (cursor !== undefined && width > 0) {
    const { place, exact } = findPlace(found, ({ order }) => order, parseCursor(cursor, width))
    start = exact ? place + 1 : place
  }
  const shown = found.slice(start, start + limit)
  const last = shown.at(-1)
  const isLast = last === undefined || start + limit >= found.length
  return {
    items: shown.map(({ item }) => item),
    next: isLast ? undefined : formatCursor(last.order),
    total: found.length,
  }
}

/** The first `limit` after so many: for lists whose own order says something, such as a plan. */
export function pageInOrder<T>(
  items: readonly T[],
  textOf: (item: T) => string,
  { search, cursor, limit }: PageInput,
): Page<T> {
  const words = (search ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const found =
    words.length === 0
      ? items
      : items.filter((item) => {
          const text = textOf(item).toLowerCase()
          return words.every((word) => text.includes(word))
        })
  const start = cursor === undefined ? 0 : placeOf(cursor)
  const next = start + limit
  return {
    items: found.slice(start, next),
    next: next >= found.length ? undefined : formatCursor([String(next)]),
    total: found.length,
  }
}

function placeOf(cursor: string): number {
  const [text = ''] = parseCursor(cursor, 1)
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}

function compareOrder(a: readonly string[], b: readonly string[]): number {
  // By index: an iterator for each of the many comparisons of a sort takes longer than all the rest.
  for (let index = 0; index < a.length; index += 1) {
    const order = compareText(a[index] ?? '', b[index] ?? '')
    if (order !== 0) return order
  }
  return 0
}
