/**
 * @module Instants and durations as plain numbers. An instant is milliseconds since the epoch; a duration is
 * milliseconds. Text forms: RFC 3339 for instants, Go-style durations (`30m`, `8h`, `1h30m`) as roles write them.
 */
import { GatewayError } from './error.js'

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number
/** A length of time in milliseconds. */
export type DurationMs = number

export const second: DurationMs = 1000
export const minute: DurationMs = 60 * second
export const hour: DurationMs = 60 * minute
export const day: DurationMs = 24 * hour

const units: Readonly<Record<string, DurationMs>> = { ms: 1, s: second, m: minute, h: hour, d: day }

/**
 * Parses a duration such as `8h`, `1h30m` or `90s`; `field` names the place in error messages.
 * @throws GatewayError `INVALID_INPUT` when the text is not a positive duration.
 */
export function parseDuration(text: string, field: string): DurationMs {
  const parts = [...text.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|d)/g)]
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0), 0)
  if (parts.map(([whole]) => whole).join('') !== text || !(total > 0)) {
    throw new GatewayError(
      'INVALID_INPUT',
      `${field}: "${text}" is not a duration; write for example 30m or 8h`,
      {
        field,
      },
    )
  }
  return Math.round(total)
}

/** Writes a duration in the form that {@link parseDuration} reads, largest units first. */
export function formatDuration(duration: DurationMs): string {
  let rest = Math.round(duration)
  let text = ''
  for (const [unit, size] of Object.entries({ h: hour, m: minute, s: second, ms: 1 })) {
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text === '' ? '0s' : text
}

/** RFC 3339 in UTC with milliseconds, the form of audit events and SAML instants. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString()
}

/** For people, to the minute: `2026-03-02 15:42 UTC`. */
export function describeInstant(instant: Instant): string {
  return `${formatInstant(instant).slice(0, 16).replace('T', ' ')} UTC`
}

/** Parses an RFC 3339 / xs:dateTime instant with a zone; anything else is `undefined`. */
export function parseInstant(text: string): Instant | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? undefined : instant
}

/** Undefined where none is known. */
export function earliest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((at) => at !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
