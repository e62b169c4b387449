/**
 * @module Refusals of the SCIM endpoint as the failures by which we act. Its bodies carry no type, so the status
 * decides; its words are shown, its token never.
 */
import { AwsCallError, type AwsFailure } from '../../core/governor/call.js'
import { wordsOfRefusal } from '../../core/governor/error-words.js'

const service = 'scim'
/** Nobody waits longer on the word of an answer. */
const longestWaitMs = 10 * 60_000

/** What a status means; for 409 that depends on the operation. */
export function failureOfStatus(status: number, duplicate: AwsFailure): AwsFailure {
  switch (status) {
    // AWS does not document which of the two an ended or revoked token gets.
    case 401:
    case 403:
      return 'unauthorized'
    case 404:
      return 'not_found'
    case 409:
      return duplicate
    case 429:
      return 'throttled'
    default:
      if (status >= 500 || status < 200) return 'unknown_outcome'
      // A redirect means that this is the wrong place: every other call would fail as well.
      return status >= 300 && status < 400 ? 'unauthorized' : 'invalid'
  }
}

export function refusal(facts: {
  readonly operation: string
  readonly status: number
  readonly failure: AwsFailure
  readonly detail: unknown
  readonly headers: Headers
  readonly now: number
}): AwsCallError {
  const { operation, status, failure, detail, headers, now } = facts
  const redirect = status >= 300 && status < 400
  const words = redirect
    ? 'the endpoint wants to send us elsewhere, which we never follow; is the base URL right?'
    : wordsOfRefusal(detail, `answered ${status}`)
  return new AwsCallError({
    failure,
    service,
    operation,
    awsCode: String(status),
    message: `SCIM ${operation}: ${words}`,
    requestId: requestIdOf(headers),
    retryAfterMs: retryAfterMs(headers.get('retry-after'), now),
  })
}

/** The answer was lost or could not be understood after something may have happened. */
export function unknownOutcome(operation: string, awsCode: string, why: string): AwsCallError {
  return new AwsCallError({
    failure: 'unknown_outcome',
    service,
    operation,
    awsCode,
    message: `SCIM ${operation}: ${why}`,
  })
}

/** A read whose answer has another form than documented, or a request that we do not send. */
export function invalid(operation: string, why: string): AwsCallError {
  return new AwsCallError({
    failure: 'invalid',
    service,
    operation,
    awsCode: 'Invalid',
    message: `SCIM ${operation}: ${why}`,
  })
}

const nowhere = 'NotReached'

/** We do not go to this address. Nothing was sent, and of the token it says nothing. */
export function notReached(operation: string, why: string): AwsCallError {
  return new AwsCallError({
    failure: 'invalid',
    service,
    operation,
    awsCode: nowhere,
    message: `SCIM ${operation}: ${why}`,
  })
}

/** Whether the endpoint said something, be it a refusal. */
export function isAnswer(error: unknown): boolean {
  return error instanceof AwsCallError && error.failure !== 'unknown_outcome' && error.awsCode !== nowhere
}

export function unauthorized(operation: string, why: string): AwsCallError {
  return new AwsCallError({
    failure: 'unauthorized',
    service,
    operation,
    awsCode: 'Token',
    message: `SCIM ${operation}: ${why}`,
  })
}

/** Seconds or a date (RFC 9110 §10.2.3); undefined for what is neither. AWS documents none, so it is a bonus. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.length > 64) return undefined
  // Date.parse takes much that is no date of HTTP, "-5" for one.
  const at = /^[A-Z][a-z]{2}, /.test(header) ? Date.parse(header) : NaN
  const wait = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : at - now
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), longestWaitMs) : undefined
}

function requestIdOf(headers: Headers): string | undefined {
  const id = headers.get('x-amzn-requestid')
  return id !== null && /^[\w-]{1,80}$/.test(id) ? id : undefined
}
