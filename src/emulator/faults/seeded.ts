/**
 * @module Chance that comes out the same twice: a small generator (Marsaglia's xorshift of 32 bits) begun from a seed.
 * For faults only; never for anything secret.
 */

/** Numbers from 0 up to 1, the same ones for the same seed (a whole number of 32 bits). */
export function seededNumbers(seed: number): () => number {
  // Neighbouring seeds are spread apart; the generator would stay at zero for ever.
  let state = Math.imul(seed ^ 0x6a09e667, 0x9e3779b1) || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
