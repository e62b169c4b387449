/**
 * @module Lists of another service read to their end. Pages may be short, or empty with more to come: the token alone
 * tells. A list that does not end is an error, for half a list looks like deletions.
 */

export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly nextToken: string | undefined
}

/** 200,000 users in pages of 100 are 2,000; the rest is room for short pages. */
const mostPages = 20_000

/** What two rows of a list say alike, where each should say it alone. */
export function findRepeated<Row>(rows: readonly Row[], of: (row: Row) => string): string | undefined {
  const known = new Set<string>()
  for (const row of rows) {
    const value = of(row)
    if (known.has(value)) return value
    known.add(value)
  }
  return undefined
}

/**
 * All rows, in the order of the service. `fail` makes the error for a token that comes again, or pages that do not end.
 * @throws what `readPage` and `fail` throw
 */
export async function readToEnd<Row>(
  fail: (what: string) => Error,
  readPage: (token: string | undefined) => Promise<Page<Row>>,
): Promise<Row[]> {
  const rows: Row[] = []
  let token: string | undefined
  let kept: string | undefined
  for (let page = 1; page <= mostPages; page += 1) {
    const { rows: some, nextToken } = await readPage(token)
    rows.push(...some)
    if (nextToken === undefined || nextToken === '') return rows
    // A circle of tokens comes back to one that was kept; keeping those of pages 1, 2, 4, 8 ... needs no memory (Brent).
    if (nextToken === kept) throw fail('a page token that came before')
    if ((page & (page - 1)) === 0) kept = nextToken
    token = nextToken
  }
  throw fail(`more than ${mostPages} pages`)
}
