/**
 * @module Pages of lists. With the parameter `cursor` (empty on the first call) a list goes on by `nextCursor` and
 * tells no totals; without it a list ends at 100 and claims that there was no more.
 */
import { takePage } from '../aws/page.js'
import type { RowList } from '../state/table.js'
import { invalid } from './error.js'
import type { JsonObject } from './json.js'
import type { ScimCall, ScimResult } from './operation.js'
import { listUrn } from './urn.js'

const maxCount = 100

export interface Listing<Row> {
  /** Name of the operation, to which cursors are bound. */
  readonly of: string
  readonly select: (filter: string | undefined) => RowList<Row>
  readonly write: (row: Row) => JsonObject
}

/** @throws ScimError 400 */
export function listPage<Row>(call: ScimCall, { of, select, write }: Listing<Row>): ScimResult {
  const limit = parseCount(findParameter(call.query, 'count'))
  const filter = findParameter(call.query, 'filter')
  const cursor = parseCursor(findParameter(call.query, 'cursor'))
  const rows = select(filter)
  if (cursor === undefined)
    return { status: 200, body: wholeList(rows.after(-1, limit).map(({ row }) => write(row))) }
  const page = takePage(call.context, {
    rows,
    limit,
    token: cursor === '' ? undefined : cursor,
    of: [`scim:${of}`, filter],
    refuseToken: () => invalid('the cursor belongs to no list with this filter'),
  })
  const body = {
    itemsPerPage: page.rows.length,
    ...(page.nextToken !== undefined && { nextCursor: page.nextToken }),
    schemas: [listUrn],
    Resources: page.rows.map(write),
  }
  return { status: 200, body }
}

/** A list without cursor: its total is what it shows, also where more exist. */
export function wholeList(resources: readonly JsonObject[]): JsonObject {
  return {
    totalResults: resources.length,
    itemsPerPage: resources.length,
    startIndex: 1,
    schemas: [listUrn],
    Resources: resources,
  }
}

/** @throws ScimError 400 where the parameter is given twice */
function findParameter(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name)
  if (values.length > 1) throw invalid(`the parameter ${name} is given twice`)
  return values[0]
}

function parseCount(text: string | undefined): number {
  if (text === undefined) return maxCount
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (count < 1 || count > maxCount) throw invalid(`count is not 1 to ${maxCount}`)
  return count
}

function parseCursor(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[-a-zA-Z0-9+=/:_]*$/.test(text)) throw invalid('the cursor has a wrong form')
  return text
}
