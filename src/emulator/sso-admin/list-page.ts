/**
 * @module Pages of sso-admin's lists: at most 100 rows, tokens that belong to one list.
 */
import type { EmulatorContext } from '../context.js'
import { takePage, type PageOf } from '../aws/page.js'
import type { RowList } from '../state/table.js'
import { invalid } from './errors.js'

/** MaxResults where the caller names none; AWS publishes the maximum only. */
const pageSize = 100

export interface ListOf<Row> {
  readonly rows: RowList<Row>
  readonly keep?: ((row: Row) => boolean) | undefined
  readonly input: { readonly MaxResults?: number; readonly NextToken?: string }
  /** Name of the operation and the parameters that choose the rows. */
  readonly of: readonly (string | undefined)[]
}

/** @throws AwsError `ValidationException` for a token that is not of this list */
export function listPage<Row>(context: EmulatorContext, { rows, keep, input, of }: ListOf<Row>): PageOf<Row> {
  return takePage(context, {
    rows,
    ...(keep !== undefined && { keep }),
    limit: input.MaxResults ?? pageSize,
    token: input.NextToken,
    of,
    refuseToken: () => invalid('NextToken is not valid'),
  })
}
