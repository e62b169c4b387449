/**
 * The seeded generators: pinned, spread evenly, and never with more than was asked for.
 */
import { describe, expect, test } from 'vitest'
import { Prng } from '../../../src/emulator/prng.js'
import { seededRandom } from '../../../src/emulator/seeded-random.js'

const draws = (prng: Prng, count: number): number[] => Array.from({ length: count }, () => prng.next())

describe('the generator of pseudo-random numbers', () => {
  test('gives the same numbers from the same seed and stream, today and later', () => {
    expect(draws(new Prng(1, 'a'), 5)).toEqual(draws(new Prng(1, 'a'), 5))
    expect(draws(new Prng(1, 'pinned'), 3)).toEqual([2523020270, 1017641206, 2889936073])
  })

  test.each([
    ['another seed', new Prng(2, 'a')],
    ['a seed that differs above 32 bits', new Prng(1 + 2 ** 32, 'a')],
    ['another stream', new Prng(1, 'b')],
  ])('gives others from %s', (_name, other) => {
    const known = new Set(draws(new Prng(1, 'a'), 1000))
    expect(draws(other, 1000).filter((value) => known.has(value)).length).toBeLessThan(3)
  })

  test('numbers below a bound stay below it and come about equally often', () => {
    const prng = new Prng(3, 'spread')
    const counts = Array.from({ length: 10 }, () => 0)
    for (let draw = 0; draw < 10_000; draw++) {
      const value = prng.below(10)
      counts[value] = (counts[value] ?? 0) + 1
    }
    expect(counts).toHaveLength(10)
    expect(Math.min(...counts)).toBeGreaterThan(850)
    expect(Math.max(...counts)).toBeLessThan(1150)
  })

  test('a sample has different items in their order, and all where there are fewer', () => {
    const items = Array.from({ length: 50 }, (_, index) => index)
    const sample = new Prng(4, 'sample').sample(items, 20)
    expect(new Set(sample).size).toBe(20)
    expect([...sample].sort((a, b) => a - b)).toEqual(sample)
    expect(new Prng(4, 'sample').sample(items, 99)).toEqual(items)
    expect(new Prng(4, 'sample').sample([], 5)).toEqual([])
  })

  test('nothing can be picked from nothing', () => {
    expect(() => new Prng(5, 'pick').pick([])).toThrow(new RangeError('nothing to pick from'))
  })
})

describe('seeded randomness', () => {
  test('is the same twice, and has the forms of the other kind', () => {
    const [one, two] = [seededRandom(9), seededRandom(9)]
    expect(one.bytes(7)).toEqual(two.bytes(7))
    expect(one.uuid()).toBe(two.uuid())
    expect(one.secret()).toBe(two.secret())
    for (let draw = 0; draw < 200; draw++) {
      expect(one.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
    expect(one.secret()).toMatch(/^[\w-]{43}$/)
    expect(one.bytes(0)).toHaveLength(0)
  })

  test('differs from seed to seed', () => {
    expect(seededRandom(1).uuid()).not.toBe(seededRandom(2).uuid())
  })
})
