import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addBits,
  allBits,
  bitsWhere,
  countBits,
  eachBit,
  hasBit,
  keepBits,
  nextBit,
  removeBits,
  type Bits,
} from '../../src/core/bits.js'

const sizes = fc.oneof(fc.constantFrom(0, 1, 31, 32, 33, 64), fc.nat({ max: 200 }))
const sets = sizes.chain((size) => {
  const numbers = fc
    .uniqueArray(fc.nat({ max: Math.max(0, size - 1) }))
    .map((list) => new Set(size === 0 ? [] : list))
  return fc.record({ size: fc.constant(size), a: numbers, b: numbers })
})

function numbersOf(bits: Bits): number[] {
  const numbers: number[] = []
  eachBit(bits, (number) => numbers.push(number))
  return numbers
}

const ascending = (numbers: Iterable<number>) => [...numbers].sort((x, y) => x - y)

describe('sets of bits', () => {
  test('hold, count and list what was put in, up to their size', () => {
    fc.assert(
      fc.property(sets, ({ size, a }) => {
        const bits = bitsWhere(size, (number) => a.has(number))
        expect(numbersOf(bits)).toEqual(ascending(a))
        expect(countBits(bits)).toBe(a.size)
        for (let number = 0; number < size; number++) {
          expect(hasBit(bits, number)).toBe(a.has(number))
          expect(nextBit(bits, number)).toBe(ascending(a).find((one) => one >= number) ?? -1)
        }
        expect(numbersOf(allBits(size))).toEqual(Array.from({ length: size }, (_, number) => number))
      }),
    )
  })

  test('are united, intersected and subtracted as sets are', () => {
    fc.assert(
      fc.property(sets, ({ size, a, b }) => {
        const made = (change: (bits: Bits, other: Bits) => void) => {
          const bits = bitsWhere(size, (number) => a.has(number))
          change(
            bits,
            bitsWhere(size, (number) => b.has(number)),
          )
          return numbersOf(bits)
        }
        expect(made(addBits)).toEqual(ascending(new Set([...a, ...b])))
        expect(made(keepBits)).toEqual(ascending([...a].filter((number) => b.has(number))))
        expect(made(removeBits)).toEqual(ascending([...a].filter((number) => !b.has(number))))
      }),
    )
  })
})
