/**
 * @module How people prove who they are: passwords (argon2id) and one-time codes (TOTP). This file is what the
 * rest of the house sees; `password.ts` and `totp.ts` implement it and are constructed by `app.ts` alone.
 * Nothing here knows users, sessions or requests, keeps state, or writes a secret to a log or an error.
 * Sessions, limits and audit events around a proof are in `service/people`.
 */
import type { Instant } from '../core/time.js'

/** Hashes and verifies passwords with bounded memory and processor use. */
export interface PasswordHasher {
  /** @throws GatewayError `UNAVAILABLE` when too many passwords wait already. */
  hash(password: string): Promise<string>
  /**
   * Whether `password` made `hash`. Without a hash it does the same work against a hash that nothing matches,
   * so that the time of a refusal does not tell whether there was one.
   * @throws GatewayError `UNAVAILABLE` when too many passwords wait already.
   */
  verify(hash: string | undefined, password: string): Promise<boolean>
  /** Whether `hash` was made with less than today's cost. */
  needsRehash(hash: string): boolean
  /**
   * Refuses a password that is too short, too long, too common, or the user's own name.
   * @throws GatewayError `WEAK_PASSWORD` with the reason and what to do instead.
   */
  assertStrong(password: string, user: string): void
}

/** Time-based one-time codes as authenticator apps make them (RFC 6238: SHA-1, 6 digits, 30 seconds). */
export interface Totp {
  /** A new seed of 160 bits, in base32 as people type it. */
  createSeed(): string
  /** The `otpauth:` URI that a QR code carries. */
  uri(factor: { seed: string; user: string; issuer: string }): string
  /** The RFC 6238 time step whose code this is, at most one step from `now`; undefined for a wrong code. */
  acceptedStep(seed: string, code: string, now: Instant): number | undefined
}
