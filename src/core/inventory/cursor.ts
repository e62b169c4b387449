/**
 * @module Cursors of sorted lists: the texts that the order goes by, of the last item shown. The place is found again
 * even when that item is gone, so a page neither repeats nor leaves out what was there all the time.
 */
import { GatewayError } from '../error.js'
import { compareText } from './inventory-index.js'

/** The cursor after an item with these texts. */
export function formatCursor(texts: readonly string[]): string {
  return JSON.stringify(texts)
}

/** @throws GatewayError `INVALID_INPUT` for a cursor of another form. */
export function parseCursor(cursor: string, length: number): readonly string[] {
  const parts = parseJson(cursor)
  const texts = Array.isArray(parts) ? parts.filter((part): part is string => typeof part === 'string') : []
  if (texts.length === length && Array.isArray(parts) && parts.length === length) return texts
  throw new GatewayError(
    'INVALID_INPUT',
    'the cursor belongs to no page of this list; start from the first one',
  )
}

/**
 * The place of the first item that does not come before the texts, in a list sorted by those texts; `exact` where it
 * has the very same.
 */
export function findPlace<T>(
  items: readonly T[],
  textsOf: (item: T) => readonly string[],
  texts: readonly string[],
): { readonly place: number; readonly exact: boolean } {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = items[middle]
    if (item !== undefined && compareTexts(textsOf(item), texts) < 0) low = middle + 1
    else high = middle
  }
  const found = items[low]
  return { place: low, exact: found !== undefined && compareTexts(textsOf(found), texts) === 0 }
}

function compareTexts(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((text, index) => text !== b[index])
  return at < 0 ? 0 : compareText(a[at] ?? '', b[at] ?? '')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is one of the forms that no page gave; the caller refuses it with the others.
    return undefined
  }
}
