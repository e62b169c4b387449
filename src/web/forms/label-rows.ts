/** @module Rows of names with values as people type them, and which of them count. */
import type { LabelRow } from './role-fields.js'

/** The rows that have a name and a value; of two with one name the later, as in a document. */
export function completeRows(rows: readonly LabelRow[]): LabelRow[] {
  const byKey = new Map<string, LabelRow>()
  for (const row of rows) if (row.key !== '' && row.values.length > 0) byKey.set(row.key, row)
  return [...byKey.values()]
}

/** Whether both say the same, in whatever order. */
export function sameRows(a: readonly LabelRow[], b: readonly LabelRow[]): boolean {
  return canonical(a) === canonical(b)
}

function canonical(rows: readonly LabelRow[]): string {
  return JSON.stringify(rows.map(({ key, values }) => [key, ...values]).sort())
}
