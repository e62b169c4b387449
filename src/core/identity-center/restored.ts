/**
 * @module That a store was restored from a backup and nobody has seen the plan since. What AWS has by now and what the
 * backup says of it may be hours or weeks apart, so every change waits, also what locks and time end: only a person knows
 * which of the two is right.
 */
import type { Instant } from '../time.js'

export interface Restored {
  /** When the backup was made. */
  readonly backupAt: Instant
  readonly restoredAt: Instant
}

/** What the note says; one that cannot be read holds all the same. */
export function parseRestored(note: unknown): Restored | undefined {
  if (note === undefined || note === null) return undefined
  const { backupAt, restoredAt } = note as Partial<Record<keyof Restored, unknown>>
  return { backupAt: instantOf(backupAt), restoredAt: instantOf(restoredAt) }
}

function instantOf(value: unknown): Instant {
  return typeof value === 'number' ? value : 0
}
