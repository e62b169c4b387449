/**
 * @module Many rows at once: in statements of bounded size, since both engines bound the parameters of one (SQLite
 * 32,766, PostgreSQL 65,535), and without a key twice, which an upsert of PostgreSQL refuses.
 */
import { GatewayError } from '../../core/error.js'
import { isStorable } from './text.js'

const rowsOfStatement = 500

/** Runs `write` for every 500 of `rows`, one after the other. */
export async function inChunks<Row>(
  rows: readonly Row[],
  write: (chunk: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsOfStatement) {
    await write(rows.slice(start, start + rowsOfStatement))
  }
}

/** The last row of each key, as if they had been written one after the other. */
export function lastOfEach<Row>(rows: readonly Row[], keyOf: (row: Row) => readonly string[]): Row[] {
  // NUL is not storable, so it parts the texts of a key without doubt.
  return [...new Map(rows.map((row) => [keyOf(row).join('\0'), row])).values()]
}

/** @throws GatewayError `INVALID_INPUT` where one of `texts` is no text that both engines keep as it is. */
export function assertStorable(what: string, ...texts: readonly string[]): void {
  if (texts.every(isStorable)) return
  throw new GatewayError('INVALID_INPUT', `${what} holds a character that cannot be stored; remove it`)
}

/** @throws GatewayError `INTERNAL` where the database holds something else than what was written. */
export function parseStored(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = `${what} is damaged in the database: it is not JSON; restore a backup, or let it be read anew`
    throw new GatewayError('INTERNAL', message, {}, { cause: error })
  }
}
