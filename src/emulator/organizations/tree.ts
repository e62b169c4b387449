/**
 * @module Places in the organisation's tree, looked up with the error of whoever looks.
 */
import type { Call } from '../aws/operation.js'
import { takePage, type PageOf } from '../aws/page.js'
import type { RowList } from '../state/table.js'
import type { Tables } from '../state/tables.js'
import { invalidInput, parentNotFound } from './errors.js'

/** @throws AwsError `ParentNotFoundException` where the id is neither the root's nor a unit's */
export function requireParent({ context }: Call, { units }: Tables, id: string): void {
  if (id !== context.state.ids.rootId && !units.has(id)) throw parentNotFound()
}

const pageSize = 20

interface Listing {
  readonly NextToken?: string
  readonly MaxResults?: number
}

/** A page of a list of this service; `of` is what its token is bound to. */
export function takeListing<Row>(
  { context }: Call,
  rows: RowList<Row>,
  { NextToken, MaxResults }: Listing,
  of: readonly (string | undefined)[],
): PageOf<Row> {
  return takePage(context, {
    rows,
    limit: MaxResults ?? pageSize,
    token: NextToken,
    of,
    refuseToken: () => invalidInput('INVALID_NEXT_TOKEN'),
  })
}

/** Rows that stand in no table, in their order. */
export function rowListOf<Row>(rows: readonly Row[]): RowList<Row> {
  const entries = rows.map((row, seq) => ({ key: String(seq), seq, row }))
  return {
    size: rows.length,
    after: (seq, limit) => entries.slice(seq + 1, seq + 1 + limit),
    rows: () => rows,
  }
}
