/**
 * @module Randomness from a seed, so that a run on a virtual clock with the same calls gives the same ids twice. An
 * emulator protects nothing; nothing else may use it.
 */
import type { Random } from '../lib/random.js'
import { Prng } from './prng.js'

export function seededRandom(seed: number): Random {
  const prng = new Prng(seed, 'emulator')
  const bytes = (size: number): Buffer => {
    const filled = Buffer.alloc(size)
    for (let index = 0; index < size; index++) filled[index] = prng.below(256)
    return filled
  }
  return {
    bytes,
    uuid: () => {
      const hex = prng.hex(32)
      const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4)
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `${variant}${hex.slice(17, 20)}`,
        hex.slice(20),
      ].join('-')
    },
    secret: () => bytes(32).toString('base64url'),
  }
}
