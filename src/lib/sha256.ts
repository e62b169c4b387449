/** @module SHA-256 of a text, for what both the gateway and its command line have to say alike. */
import { createHash } from 'node:crypto'

/** Of the UTF-8 of the text, in hexadecimal digits. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
