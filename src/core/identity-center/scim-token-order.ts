/** @module Which of the SCIM tokens is tried first. */
import type { Instant } from '../time.js'

interface TokenFacts {
  readonly slot: 1 | 2
  readonly addedAt: Instant
  readonly expiresAt: Instant
  readonly refusedAt: Instant | undefined
}

/**
 * Those that may work, the newest first; then those that AWS refused or that should have ended, since what we believe
 * of a token may be wrong and trying costs one call.
 */
export function tokensInOrder<T extends TokenFacts>(tokens: readonly T[], now: Instant): T[] {
  const doubtful = ({ refusedAt, expiresAt }: T) => Number(refusedAt !== undefined || expiresAt <= now)
  return [...tokens].sort((a, b) => doubtful(a) - doubtful(b) || b.addedAt - a.addedAt || a.slot - b.slot)
}
