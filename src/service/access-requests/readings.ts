/** @module Durations and instants of a request as they came; everything that is wrong is told at once. */
import { GatewayError, isCode } from '../../core/error.js'
import { parseDuration, parseInstant, type DurationMs, type Instant } from '../../core/time.js'

export interface FieldProblem {
  readonly path: string
  readonly message: string
}

export interface Readings {
  duration(field: string, text: string | undefined): DurationMs | undefined
  instant(field: string, text: string | undefined): Instant | undefined
  refuse(field: string, message: string): void
  /** @throws GatewayError `INVALID_INPUT` where something was refused. */
  assertNone(): void
}

export function createReadings(): Readings {
  const problems: FieldProblem[] = []
  const refuse = (field: string, message: string): void => {
    problems.push({ path: `body.${field}`, message })
  }
  return {
    refuse,
    duration: (field, text) => {
      if (text === undefined) return undefined
      try {
        return parseDuration(text, field)
      } catch (error) {
        if (!isCode(error, 'INVALID_INPUT')) throw error
        refuse(field, 'is not a duration; write for example 30m or 8h')
        return undefined
      }
    },
    instant: (field, text) => {
      if (text === undefined) return undefined
      const instant = parseInstant(text)
      if (instant === undefined) refuse(field, 'is not an instant as RFC 3339 writes it, with its time zone')
      return instant
    },
    assertNone: () => {
      if (problems.length > 0) throw invalidRequest('INVALID_INPUT', problems)
    },
  }
}

/** One error for all of them; its message says the first. */
export function invalidRequest(
  code: 'INVALID_INPUT' | 'REQUEST_NOT_ALLOWED',
  problems: readonly FieldProblem[],
): GatewayError {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  const message = first === undefined ? 'the request is not as expected' : `${first.message}${more}`
  return new GatewayError(code, message, { fields: problems })
}
