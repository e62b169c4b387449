/**
 * @module Errors of the SCIM endpoint. The body tells what AWS tells, which is mostly one sentence for every bad
 * request; why it was refused stands in a header of our own, as AWS writes it to its trail rather than to the caller.
 */
import type { Settings } from '../settings.js'

/** Detail of every bad request for which no other text is known. */
export const unparsable = 'Request is unparsable, syntactically incorrect, or violates schema.'

export class ScimError extends Error {
  override readonly name = 'ScimError'
  /** HTTP status of the answer. */
  readonly status: number
  /** Name of the exception in AWS's documents, such as `ValidationException`. */
  readonly code: string
  /** What the body does not say; empty where it says everything. */
  readonly reason: string
  readonly headers: Readonly<Record<string, string>>

  /** `detail` is the text of the body. */
  constructor(
    status: number,
    code: string,
    detail: string,
    more: { readonly reason?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail)
    this.status = status
    this.code = code
    this.reason = more.reason ?? ''
    this.headers = more.headers ?? {}
  }
}

/** 400 with the sentence that AWS uses for all bad requests. */
export function invalid(reason: string): ScimError {
  return new ScimError(400, 'ValidationException', unparsable, { reason })
}

/** 400 with a text of its own, where one was observed. */
export function invalidWith(detail: string): ScimError {
  return new ScimError(400, 'ValidationException', detail)
}

/** The status that an expired token gets is documented nowhere; hence the setting. */
export function unauthorized(status: Settings['scimExpiredStatus'] = 401): ScimError {
  return status === 401
    ? new ScimError(401, 'UnauthorizedException', 'The bearer token is missing, invalid or expired.')
    : new ScimError(403, 'AccessDeniedException', 'The bearer token does not permit this operation.')
}

export function notFound(what: string): ScimError {
  return new ScimError(404, 'ResourceNotFoundException', 'The specified resource does not exist.', {
    reason: what,
  })
}

export function conflict(reason: string): ScimError {
  const detail = 'Refused to create a new, duplicate resource.'
  return new ScimError(409, 'ConflictException', detail, { reason })
}

/** AWS documents no Retry-After here; the setting says whether there is one. */
export function throttled({ scimRetryAfterSeconds }: Settings): ScimError {
  return new ScimError(429, 'ThrottlingException', 'The request was denied due to request throttling.', {
    headers: scimRetryAfterSeconds === null ? {} : { 'Retry-After': String(scimRetryAfterSeconds) },
  })
}

export function failed(): ScimError {
  return new ScimError(500, 'InternalServerException', 'The service failed to process the request.')
}

export function unavailable(): ScimError {
  return new ScimError(503, 'ServiceUnavailable', 'The service is unavailable. Please try again shortly.')
}

/** For what the endpoint does not have: PUT of a group was seen to answer 404 (mitodl/keycloak-scim#73). */
export function unsupported(what: string): ScimError {
  return new ScimError(404, 'ResourceNotFoundException', `${what} is not supported by this SCIM endpoint.`)
}
