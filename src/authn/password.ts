/**
 * @module Passwords by argon2id (RFC 9106), at or above the first setting that OWASP recommends: 19 MiB, two
 * passes, one lane. Text is brought to Unicode form NFKC first (NIST SP 800-63B 5.1.1.2), so that the same
 * password typed on another keyboard is the same octets.
 */
import { hash as argon2Hash, parseOptions, verify as argon2Verify } from '@node-rs/argon2'
import type { PasswordHasher } from './authn.js'
import { assertStrongPassword, maxPasswordBytes } from './password-strength.js'
import { Slots } from './slots.js'

/** What one hash costs. `memoryKiB` is held for as long as it runs. */
export interface Argon2Cost {
  readonly memoryKiB: number
  readonly passes: number
  readonly lanes: number
}

/** Nothing that a person can configure goes below this; only tests pass a cheaper cost. */
export const standardCost: Argon2Cost = { memoryKiB: 19_456, passes: 2, lanes: 1 }

/** The two functions of argon2 that are used here; tests count the calls. */
export interface Argon2Engine {
  hash(password: string, options: Argon2Options): Promise<string>
  verify(hash: string, password: string): Promise<boolean>
}
interface Argon2Options {
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
}

export interface Argon2HasherOptions {
  readonly cost?: Argon2Cost
  /** Tasks at the same time. Each takes one of libuv's four threads, which files and signatures share. */
  readonly concurrency?: number
  /** Tasks that may wait; beyond it the answer is `UNAVAILABLE`. */
  readonly queue?: number
  readonly engine?: Argon2Engine
}

const nativeEngine: Argon2Engine = {
  // The library's default algorithm is argon2id, version 19.
  hash: (password, options) => argon2Hash(password, options),
  verify: (hash, password) => argon2Verify(hash, password),
}

export class Argon2Hasher implements PasswordHasher {
  readonly #cost: Argon2Cost
  readonly #engine: Argon2Engine
  readonly #slots: Slots
  readonly #dummy: string

  constructor(options: Argon2HasherOptions = {}) {
    this.#cost = options.cost ?? standardCost
    this.#engine = options.engine ?? nativeEngine
    this.#slots = new Slots(options.concurrency ?? 2, options.queue ?? 1000)
    this.#dummy = unmatchableHash(this.#cost)
  }

  async hash(password: string): Promise<string> {
    const { memoryKiB: memoryCost, passes: timeCost, lanes: parallelism } = this.#cost
    const text = normalise(password)
    return await this.#slots.run(() => this.#engine.hash(text, { memoryCost, timeCost, parallelism }))
  }

  async verify(hash: string | undefined, password: string): Promise<boolean> {
    const tooLong = Buffer.byteLength(password) > maxPasswordBytes
    const text = tooLong ? '' : normalise(password)
    const target = tooLong ? this.#dummy : (hash ?? this.#dummy)
    const matches = await this.#slots.run(() => this.#engine.verify(target, text))
    return matches && hash !== undefined && !tooLong
  }

  needsRehash(hash: string): boolean {
    if (!hash.startsWith('$argon2id$v=19$')) return true
    const made = parseOptions(hash)
    return (
      made.memoryCost < this.#cost.memoryKiB ||
      made.timeCost < this.#cost.passes ||
      made.parallelism < this.#cost.lanes
    )
  }

  assertStrong(password: string, user: string): void {
    assertStrongPassword(password, user)
  }
}

function normalise(password: string): string {
  return password.normalize('NFKC')
}

/** A well-formed hash of this cost that no known password gives: its salt and its output are all zeros. */
function unmatchableHash({ memoryKiB, passes, lanes }: Argon2Cost): string {
  const zeros = (bytes: number): string => Buffer.alloc(bytes).toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${zeros(16)}$${zeros(32)}`
}
