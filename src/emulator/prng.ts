/**
 * @module Chance that is the same twice: a generator of pseudo-random numbers from a seed and the name of a stream.
 * For believable organisations and repeatable runs; nothing that protects anything may be made with it.
 */

export class Prng {
  // State of sfc32 (Chris Doty-Humphrey's small fast counting generator): three words and a counter.
  #a: number
  #b: number
  #c: number
  #counter = 1

  /** Streams of one seed are independent: more draws from one change nothing in another. */
  constructor(seed: number, stream: string) {
    const mix = mixer([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, hashText(stream)])
    this.#a = mix()
    this.#b = mix()
    this.#c = mix()
    // The first outputs still resemble the seed.
    for (let round = 0; round < 12; round++) this.next()
  }

  /** An integer from 0 to 2^32 - 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) >>> 0
    this.#counter = (this.#counter + 1) >>> 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) >>> 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) >>> 0
    return sum
  }

  /** An integer from 0 to `bound` - 1. */
  below(bound: number): number {
    return Math.floor((this.next() / 2 ** 32) * bound)
  }

  /** True in a share of cases from 0 to 1. */
  chance(share: number): boolean {
    return this.next() < share * 2 ** 32
  }

  /** @throws RangeError for an empty list */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  /** `count` different items in their order, or all where there are fewer (Floyd's sampling). */
  sample<Item>(items: readonly Item[], count: number): readonly Item[] {
    const wanted = Math.min(count, items.length)
    const chosen = new Set<number>()
    for (let last = items.length - wanted; last < items.length; last++) {
      const index = this.below(last + 1)
      chosen.add(chosen.has(index) ? last : index)
    }
    return [...chosen].sort((a, b) => a - b).flatMap((index) => items.slice(index, index + 1))
  }

  /** `digits` hexadecimal digits. */
  hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += this.next().toString(16).padStart(8, '0')
    return text.slice(0, digits)
  }

  /** An id in the form that identity stores give to users and groups. */
  principalId(): string {
    const hex = this.hex(30)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-70${hex.slice(12, 14)}-${hex.slice(14, 18)}-${hex.slice(18, 30)}`
  }
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** Words that each depend on every bit of `words` (rounds of murmur3's finaliser). */
function mixer(words: readonly number[]): () => number {
  let state = 0
  const step = (word: number): number => {
    state = (state ^ word) + 0x9e3779b9
    state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
    state = (state ^ (state >>> 16)) >>> 0
    return state
  }
  for (const word of words) step(word)
  return () => step(0)
}
