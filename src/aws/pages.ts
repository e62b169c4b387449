/**
 * @module Lists of AWS read to their end, as `lib/pages.ts` does it; lists that have none are answers of a wrong form.
 */
import type { AwsService } from '../core/governor/call.js'
import { readToEnd as readAll, type Page } from '../lib/pages.js'
import { badAnswer } from './errors.js'

/** @throws AwsCallError what `readPage` throws; `invalid` where a token comes again or the pages do not end */
export function readToEnd<Row>(
  service: AwsService,
  operation: string,
  readPage: (token: string | undefined) => Promise<Page<Row>>,
): Promise<Row[]> {
  return readAll((what) => badAnswer(service, operation, what), readPage)
}
