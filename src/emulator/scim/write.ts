/**
 * @module Answers of the SCIM endpoint: always `application/json`, errors with both `schema` and `schemas`.
 */
import type { Answer } from '../answer.js'
import type { ScimError } from './error.js'
import type { JsonObject } from './json.js'
import { errorUrn } from './urn.js'

export function writeResult(status: number, body: JsonObject | undefined, requestId: string): Answer {
  if (body === undefined) return { status, headers: { 'x-amzn-RequestId': requestId }, body: '' }
  return { status, headers: headersOf(requestId), body: JSON.stringify(body) }
}

export function writeError(error: ScimError, requestId: string, now: number): Answer {
  const { status, code, message, reason, headers } = error
  return {
    status,
    headers: {
      ...headersOf(requestId),
      ...(reason !== '' && { 'x-emulator-reason': headerText(reason) }),
      ...headers,
    },
    body: JSON.stringify({
      schema: [errorUrn],
      schemas: [errorUrn],
      detail: message,
      status: String(status),
      exceptionRequestId: requestId,
      timeStamp: new Date(now).toISOString().replace('T', ' ').replace('Z', ''),
    }),
    error: code,
  }
}

function headersOf(requestId: string): Readonly<Record<string, string>> {
  return { 'Content-Type': 'application/json', 'x-amzn-RequestId': requestId }
}

/** A reason quotes what a caller sent; a header carries only printable ASCII. */
function headerText(reason: string): string {
  return reason.slice(0, 300).replace(/[^\x20-\x7e]/g, '?')
}
