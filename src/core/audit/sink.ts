/**
 * @module What sinks of the audit log have in common: when a sink that took nothing is asked again, when people are told
 * of it, and what one position means. Sinks themselves are in `src/audit/sinks`.
 */
import { minute, second, type DurationMs, type Instant } from '../time.js'

export const sinkTypes = ['file', 'syslog', 'webhook', 'stdout'] as const
export type SinkType = (typeof sinkTypes)[number]

/** `reference`: events as they are stored, byte for byte. `ocsf`: see `ocsf.ts`. */
export const sinkFormats = ['reference', 'ocsf'] as const
export type SinkFormat = (typeof sinkFormats)[number]

/** Letters, digits and hyphens, so that it needs no escaping anywhere. */
export const sinkNamePattern = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/

/** The key of a position: a sink that each machine has for itself has one for each. */
export function sinkKey(name: string, machine: string | undefined): string {
  return machine === undefined ? name : `${name}@${machine}`
}

/** Name and machine of a key. */
export function parseSinkKey(key: string): { readonly name: string; readonly machine: string | undefined } {
  const [name = '', machine] = key.split('@')
  return { name, machine }
}

const longestRetryMs = minute

/**
 * How long to wait behind so many attempts that failed in a row: 1, 2, 4 … seconds, a minute at most, for ever, each up
 * to a fifth shorter by `chance` (0 to 1), so that what failed together does not come back together.
 */
export function sinkRetryMs(attempts: number, chance: number): DurationMs {
  const delay = Math.min(longestRetryMs, second * 2 ** Math.min(Math.max(attempts, 1) - 1, 10))
  return Math.round(delay * (1 - 0.2 * chance))
}

/**
 * Trouble is told of once it has lasted so long. An event is itself sent to the sink: were each failure told, a sink that
 * takes every second batch would never run out of news about itself.
 */
export const tellTroubleAfterMs = minute

/** Whether this failure is the one to tell of. */
export function isWorthTelling(
  trouble: { readonly since: Instant; readonly announced: boolean },
  now: Instant,
): boolean {
  return !trouble.announced && now - trouble.since >= tellTroubleAfterMs
}

/** A sink that nobody has named for so long is in no configuration any more. */
export const sinkForgottenAfterMs = 5 * minute

/** How often a running gateway says that it has a sink. */
export const sinkSeenEveryMs = minute
