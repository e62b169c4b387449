/** @module What is remembered of recovery codes: the hash of each, and whether it was used. */
import type { Instant } from '../core/time.js'

export interface RecoveryCodesLeft {
  readonly left: number
  readonly createdAt: Instant
}

export interface RecoveryCodeStore {
  /** In place of all that the user had. */
  replace(user: string, hashes: readonly string[], now: Instant): Promise<void>
  /** Undefined where none were ever made. */
  count(user: string): Promise<RecoveryCodesLeft | undefined>
  /** Compare-and-set: true for one caller only, and only for a code of this user. */
  use(user: string, hash: string, now: Instant): Promise<boolean>
  deleteAll(user: string): Promise<void>
}
