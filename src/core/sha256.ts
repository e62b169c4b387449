/**
 * @module SHA-256 (FIPS 180-4) of a text, for the core, which may not ask the machine. Only where people agree to a text
 * by its digest: somebody else must not be able to make another text that has the same one. Secrets have no place here,
 * since its time depends on nothing but the length.
 */

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const constants = Int32Array.from([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
])

const start = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
] as const

// Keys of plans are hashed a hundred thousand at a time; nothing of one call is left for the next.
const state = new Int32Array(8)
const words = new Int32Array(64)

/** In hex. The text counts by its UTF-16 units, each as two bytes: no two texts are the same bytes. */
export function sha256(text: string): string {
  state.set(start)
  const size = text.length * 2
  const blocks = Math.ceil((size + 9) / 64)
  for (let block = 0; block < blocks; block++) {
    for (let t = 0; t < 16; t++) {
      const at = block * 32 + t * 2
      words[t] = (unitAt(text, at) << 16) | unitAt(text, at + 1)
    }
    if (block === blocks - 1) {
      words[14] = Math.floor(size / 0x20000000)
      words[15] = size << 3
    }
    compress()
  }
  let hex = ''
  for (const word of state) hex += (word >>> 0).toString(16).padStart(8, '0')
  return hex
}

/** After the text a bit that ends it, then nothing. */
function unitAt(text: string, at: number): number {
  if (at < text.length) return text.charCodeAt(at)
  return at === text.length ? 0x8000 : 0
}

function compress(): void {
  for (let t = 16; t < 64; t++) {
    const early = words[t - 15] ?? 0
    const late = words[t - 2] ?? 0
    const small = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)
    const large = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10)
    words[t] = ((words[t - 16] ?? 0) + small + (words[t - 7] ?? 0) + large) | 0
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let t = 0; t < 64; t++) {
    const chosen = (e & f) ^ (~e & g)
    const mixed = (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + chosen
    const first = (h + mixed + (constants[t] ?? 0) + (words[t] ?? 0)) | 0
    const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  add(0, a)
  add(1, b)
  add(2, c)
  add(3, d)
  add(4, e)
  add(5, f)
  add(6, g)
  add(7, h)
}

function add(at: number, word: number): void {
  state[at] = (state[at] ?? 0) + word
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}
