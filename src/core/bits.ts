/**
 * @module Sets of small whole numbers, one bit each: which accounts or permission sets of an inventory are meant. A
 * thousand of them take 128 bytes, so that whole tables of pairs are combined without a list of the pairs.
 */

/** The numbers from 0 up to the size that it was made for. */
export type Bits = Uint32Array

/** An empty set that has room for `size` numbers. */
export function emptyBits(size: number): Bits {
  return new Uint32Array((size + 31) >>> 5)
}

/** All numbers below `size`. */
export function allBits(size: number): Bits {
  const bits = emptyBits(size).fill(0xffffffff)
  const spare = bits.length * 32 - size
  if (spare > 0) bits[bits.length - 1] = 0xffffffff >>> spare
  return bits
}

/** The numbers below `size` for which `holds` is true. */
export function bitsWhere(size: number, holds: (number: number) => boolean): Bits {
  const bits = emptyBits(size)
  for (let at = 0; at < size; at++) if (holds(at)) addBit(bits, at)
  return bits
}

export function addBit(bits: Bits, number: number): void {
  const at = number >>> 5
  bits[at] = (bits[at] ?? 0) | (1 << (number & 31))
}

export function hasBit(bits: Bits, number: number): boolean {
  return (((bits[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1
}

/** Adds to `bits` what is in `other`, which is as long. */
export function addBits(bits: Bits, other: Bits): void {
  for (let at = 0; at < bits.length; at++) bits[at] = (bits[at] ?? 0) | (other[at] ?? 0)
}

/** Keeps in `bits` what is in `other` too. */
export function keepBits(bits: Bits, other: Bits): void {
  for (let at = 0; at < bits.length; at++) bits[at] = (bits[at] ?? 0) & (other[at] ?? 0)
}

/** Takes out of `bits` what is in `other`. */
export function removeBits(bits: Bits, other: Bits): void {
  for (let at = 0; at < bits.length; at++) bits[at] = (bits[at] ?? 0) & ~(other[at] ?? 0)
}

/** How many numbers are in it. */
export function countBits(bits: Bits): number {
  let count = 0
  for (const word of bits) count += countOnes(word)
  return count
}

/** The smallest number in it that is not below `from`; -1 where there is none. */
export function nextBit(bits: Bits, from: number): number {
  let at = from >>> 5
  let word = (bits[at] ?? 0) & (0xffffffff << (from & 31))
  while (word === 0) {
    if (++at >= bits.length) return -1
    word = bits[at] ?? 0
  }
  return at * 32 + (31 - Math.clz32(word & -word))
}

/** Calls `see` with each number in it, ascending. */
export function eachBit(bits: Bits, see: (number: number) => void): void {
  for (let at = nextBit(bits, 0); at >= 0; at = nextBit(bits, at + 1)) see(at)
}

/** Counts in parallel within a word: pairs, nibbles, bytes. */
function countOnes(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return (((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
