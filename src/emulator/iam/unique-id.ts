/**
 * @module Ids and access keys in IAM's form: a prefix that tells the kind, then characters of base 32.
 */
import type { Random } from '../../lib/random.js'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** `prefix` and `length` random characters of A-Z and 2-7, such as `AROA` and 17 of them for a role. */
export function uniqueId(random: Random, prefix: 'AROA' | 'ASIA', length: number): string {
  // 32 divides 256: every character is as likely as the others.
  return prefix + [...random.bytes(length)].map((byte) => alphabet.charAt(byte % 32)).join('')
}
