/**
 * @module One table of the emulator: rows by key, in the order in which they were made, with secondary indexes.
 * Pages resume after a sequence number, so that rows made or deleted between two pages neither repeat nor shift
 * others.
 */

/** A row with its place in the order of creation; a replaced row keeps its place. */
export interface Entry<Row> {
  readonly key: string
  readonly seq: number
  row: Row
}

/** Entries sorted by `seq`; the sorted list is rebuilt only when something was removed or came out of order. */
class OrderedEntries<Row> {
  readonly #byKey = new Map<string, Entry<Row>>()
  #order: Entry<Row>[] = []
  #stale = false

  get size(): number {
    return this.#byKey.size
  }

  add(entry: Entry<Row>): void {
    this.#byKey.set(entry.key, entry)
    const last = this.#order.at(-1)
    if (last !== undefined && last.seq > entry.seq) this.#stale = true
    if (!this.#stale) this.#order.push(entry)
  }

  remove(key: string): void {
    if (this.#byKey.delete(key)) this.#stale = true
  }

  get(key: string): Entry<Row> | undefined {
    return this.#byKey.get(key)
  }

  sorted(): readonly Entry<Row>[] {
    if (this.#stale) {
      this.#order = [...this.#byKey.values()].sort((a, b) => a.seq - b.seq)
      this.#stale = false
    }
    return this.#order
  }

  after(seq: number, limit: number): readonly Entry<Row>[] {
    const sorted = this.sorted()
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sorted[middle]?.seq ?? Infinity) <= seq) low = middle + 1
      else high = middle
    }
    return sorted.slice(low, low + limit)
  }
}

/** Values under which a row is found; none leaves it out of the index. */
export type IndexKeys<Row> = (row: Row) => string | undefined

/** What reads of a table, or of the rows under one index value, have in common. */
export interface RowList<Row> {
  readonly size: number
  /** At most `limit` entries that come after `seq` in the order of creation; begin with -1. */
  after(seq: number, limit: number): readonly Entry<Row>[]
  rows(): readonly Row[]
}

const nothing: RowList<never> = { size: 0, after: () => [], rows: () => [] }

export class Table<Row, Index extends string = never> implements RowList<Row> {
  readonly #keyOf: (row: Row) => string
  readonly #entries = new OrderedEntries<Row>()
  readonly #indexes: ReadonlyMap<string, { keyOf: IndexKeys<Row>; buckets: Map<string, OrderedEntries<Row>> }>
  #nextSeq = 0

  constructor(keyOf: (row: Row) => string, indexes: Readonly<Record<Index, IndexKeys<Row>>>) {
    this.#keyOf = keyOf
    this.#indexes = new Map(
      Object.entries<IndexKeys<Row>>(indexes).map(([name, of]) => [name, { keyOf: of, buckets: new Map() }]),
    )
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): Row | undefined {
    return this.#entries.get(key)?.row
  }

  has(key: string): boolean {
    return this.#entries.get(key) !== undefined
  }

  rows(): readonly Row[] {
    return this.#entries.sorted().map((entry) => entry.row)
  }

  after(seq: number, limit: number): readonly Entry<Row>[] {
    return this.#entries.after(seq, limit)
  }

  /** All rows under one value of an index, in the order of creation. */
  by(index: Index, value: string): RowList<Row> {
    const bucket = this.#indexes.get(index)?.buckets.get(value)
    if (bucket === undefined) return nothing
    return {
      size: bucket.size,
      after: (seq, limit) => bucket.after(seq, limit),
      rows: () => bucket.sorted().map((entry) => entry.row),
    }
  }

  /** The first row under a value of an index; for indexes that are unique. */
  find(index: Index, value: string): Row | undefined {
    return this.#indexes.get(index)?.buckets.get(value)?.sorted()[0]?.row
  }

  /** Only `Tables.apply` calls this: every change is a `Change`. */
  put(row: Row): void {
    const key = this.#keyOf(row)
    const known = this.#entries.get(key)
    const entry = known ?? { key, seq: this.#nextSeq++, row }
    for (const { keyOf, buckets } of this.#indexes.values()) {
      const before = known === undefined ? undefined : keyOf(known.row)
      const after = keyOf(row)
      if (known !== undefined && before === after) continue
      if (before !== undefined) dropFrom(buckets, before, key)
      if (after !== undefined) addTo(buckets, after, entry)
    }
    entry.row = row
    if (known === undefined) this.#entries.add(entry)
  }

  /** Only `Tables.copy` calls this, on a table that is empty: the rows of another one, each in its place. */
  copyFrom(other: Table<Row, Index>): void {
    for (const { key, seq, row } of other.#entries.sorted()) {
      const entry = { key, seq, row }
      for (const { keyOf, buckets } of this.#indexes.values()) {
        const value = keyOf(row)
        if (value !== undefined) addTo(buckets, value, entry)
      }
      this.#entries.add(entry)
    }
    this.#nextSeq = other.#nextSeq
  }

  /** Only `Tables.apply` calls this. */
  delete(key: string): void {
    const known = this.#entries.get(key)
    if (known === undefined) return
    for (const { keyOf, buckets } of this.#indexes.values()) {
      const value = keyOf(known.row)
      if (value !== undefined) dropFrom(buckets, value, key)
    }
    this.#entries.remove(key)
  }
}

function addTo<Row>(buckets: Map<string, OrderedEntries<Row>>, value: string, entry: Entry<Row>): void {
  let bucket = buckets.get(value)
  if (bucket === undefined) buckets.set(value, (bucket = new OrderedEntries<Row>()))
  bucket.add(entry)
}

function dropFrom<Row>(buckets: Map<string, OrderedEntries<Row>>, value: string, key: string): void {
  const bucket = buckets.get(value)
  bucket?.remove(key)
  if (bucket?.size === 0) buckets.delete(value)
}
