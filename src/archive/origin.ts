/**
 * @module Where a backup is from: a code (HMAC-SHA-256, RFC 2104) in its last line, over the header and what each table
 * held. Encryption with age says nothing of that, for a recipient is public.
 */
import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto'
import type { BackupEnd } from './header.js'

/** Hex. The header as its line is written, without the end of the line; the tables in the order of the header. */
export function originCode(
  key: KeyObject,
  headerLine: string,
  tables: readonly { readonly name: string }[],
  end: BackupEnd,
): string {
  const totals = tables.map(({ name }) => [name, end[name]?.rows, end[name]?.digest])
  return createHmac('sha256', key)
    .update(`${headerLine}\n${JSON.stringify(totals)}`)
    .digest('hex')
}

/** In constant time. */
export function isSameCode(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)]
  return one.length === other.length && timingSafeEqual(one, other)
}
