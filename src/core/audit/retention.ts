/**
 * @module Which events retention removes: whole stretches of the chain that end at a signed head, so that what stays
 * begins where something signed stands. Never the newest head, and nothing that somebody still has to be sent.
 */
import { day, type Instant } from '../time.js'

export interface RetentionHead {
  readonly sequence: number
  readonly signedAt: Instant
}

export interface PruneLimits {
  /** Sequence number of the oldest event that is there. */
  readonly first: number
  /** Of the newest signed head. */
  readonly newestHead: number
  readonly now: Instant
  readonly retentionDays: number
  /** The lowest sequence number that a sink has not taken yet; undefined: nothing waits. */
  readonly keptBack: number | undefined
  /** About so many events go at once, so that nobody waits long for the database. */
  readonly atMost: number
}

/**
 * The head up to which events go now, from heads in ascending order; undefined where nothing is due. A head is signed
 * after its events, so that all of them are older than it.
 */
export function choosePruneHead<Head extends RetentionHead>(
  heads: readonly Head[],
  { first, newestHead, now, retentionDays, keptBack, atMost }: PruneLimits,
): Head | undefined {
  const before = now - retentionDays * day
  let chosen: Head | undefined
  for (const head of heads) {
    const isDue =
      head.sequence >= first &&
      head.signedAt < before &&
      head.sequence < newestHead &&
      (keptBack === undefined || head.sequence < keptBack)
    if (!isDue) continue
    if (chosen !== undefined && head.sequence >= first + atMost) break
    chosen = head
  }
  return chosen
}
