/**
 * @module Text from bytes, strictly: a byte that is not UTF-8 is refused and not replaced.
 */

/** Undefined where the bytes are not UTF-8. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
