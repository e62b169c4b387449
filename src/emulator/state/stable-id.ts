/**
 * @module Ids that an organisation file leaves out: made from what names the thing, so that the same file gives the
 * same ids each time.
 */
import { createHash } from 'node:crypto'

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex')
}

/** A UUID-like id, as AWS gives to users, groups and memberships. */
export function stableUuid(...parts: readonly string[]): string {
  const hex = digest(parts)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** `length` hexadecimal digits. */
export function stableHex(length: number, ...parts: readonly string[]): string {
  return digest(parts).slice(0, length)
}
