/**
 * @module Pages of iam: `Marker` goes in and out, `IsTruncated` tells whether there is more.
 */
import { takePage } from '../aws/page.js'
import type { EmulatorContext } from '../context.js'
import type { Entry, RowList } from '../state/table.js'
import { validationError } from './errors.js'

/** What the caller leaves to us. */
const defaultItems = 100

export interface MarkedPage<Row> {
  readonly rows: readonly Row[]
  readonly IsTruncated: boolean
  readonly Marker: string | undefined
}

interface PageInput {
  readonly Marker?: string
  readonly MaxItems?: number
}

/**
 * `of` is what the marker is bound to: the operation and what chooses its rows; `keep` leaves rows out.
 * @throws AwsError for a marker of another list
 */
export function takeMarkedPage<Row>(
  context: EmulatorContext,
  rows: RowList<Row>,
  input: PageInput,
  of: readonly (string | undefined)[],
  keep: (row: Row) => boolean = () => true,
): MarkedPage<Row> {
  const page = takePage(context, {
    rows,
    keep,
    limit: input.MaxItems ?? defaultItems,
    token: input.Marker,
    of,
    refuseToken: () => validationError('Invalid Marker.'),
  })
  return { rows: page.rows, IsTruncated: page.nextToken !== undefined, Marker: page.nextToken }
}

/** The parts of one row, such as the policies of a role, in their order. */
export function rowsOf<Row>(parts: readonly Row[]): RowList<Row> {
  const entries = parts.map((row, seq): Entry<Row> => ({ key: String(seq), seq, row }))
  return {
    size: parts.length,
    after: (seq, limit) => entries.slice(seq + 1, seq + 1 + limit),
    rows: () => parts,
  }
}

/** Two lists as one. Places stay what they are when rows are added to either: even ones are of `a`, odd ones of `b`. */
export function mergeRows<A, B>(a: RowList<A>, b: RowList<B>): RowList<A | B> {
  return {
    size: a.size + b.size,
    after: (seq, limit) =>
      [
        ...place(a.after(Math.floor(seq / 2), limit), 0),
        ...place(b.after(Math.floor((seq - 1) / 2), limit), 1),
      ]
        .sort((left, right) => left.seq - right.seq)
        .slice(0, limit),
    rows: () => [...a.rows(), ...b.rows()],
  }
}

function place<Row>(entries: readonly Entry<Row>[], offset: 0 | 1): readonly Entry<Row>[] {
  return entries.map((entry) => ({ ...entry, seq: entry.seq * 2 + offset }))
}
