/**
 * @module Randomness as a dependency: secrets and identifiers from the operating system's generator.
 */
import { randomBytes, randomUUID } from 'node:crypto'

export interface Random {
  /** `size` cryptographically random bytes. */
  bytes(size: number): Buffer
  /** A random UUID (RFC 9562, version 4). */
  uuid(): string
  /** A URL-safe secret of 256 bits, 43 characters of base64url. */
  secret(): string
}

export const systemRandom: Random = {
  bytes: (size) => randomBytes(size),
  uuid: () => randomUUID(),
  secret: () => randomBytes(32).toString('base64url'),
}
