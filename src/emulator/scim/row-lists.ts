/**
 * @module Lists of rows that filters choose: pages are taken from them as from a table.
 */
import type { Entry, RowList } from '../state/table.js'

/** One row, or none. */
export function listOf<Row>(row: Row | undefined): RowList<Row> {
  const rows = row === undefined ? [] : [row]
  return {
    size: rows.length,
    rows: () => rows,
    after: (seq, limit) =>
      seq >= 0 ? [] : rows.slice(0, limit).map((only): Entry<Row> => ({ key: '', seq: 0, row: only })),
  }
}

/** The rows that `to` finds for those of another list, in its order. */
export function mapRows<From, To>(from: RowList<From>, to: (row: From) => To | undefined): RowList<To> {
  return {
    size: from.size,
    rows: () => from.rows().flatMap((row) => to(row) ?? []),
    after: (seq, limit) =>
      from.after(seq, limit).flatMap((entry): Entry<To>[] => {
        const row = to(entry.row)
        return row === undefined ? [] : [{ key: entry.key, seq: entry.seq, row }]
      }),
  }
}
