/**
 * @module Bearer tokens of the SCIM endpoint: two at most at a time, each valid for a year. A token is shown once, when
 * it is made; what is kept, and so what state and events show, is its digest.
 */
import { createHash } from 'node:crypto'

export interface ScimToken {
  readonly id: string
  /** See {@link tokenDigest}. */
  readonly digest: string
  readonly createdAt: number
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** A token of the organisation file; without `expiresAt` it is valid for a year from the start. */
export interface StartingToken {
  readonly token: string
  readonly expiresAt: number | undefined
}

const yearMs = 365 * 86_400_000

/** SHA-256 of a token, in hexadecimal. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** The tokens of an organisation file as rows of an emulator that starts at `now`; ids are made by `idOf`. */
export function startTokens(
  tokens: readonly StartingToken[],
  now: number,
  idOf: (index: number) => string,
): readonly ScimToken[] {
  return tokens.map(({ token, expiresAt = now + yearMs }, index) => ({
    id: idOf(index),
    digest: tokenDigest(token),
    createdAt: expiresAt - yearMs,
    expiresAt,
  }))
}
