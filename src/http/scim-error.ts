/**
 * @module Errors as SCIM tells them (RFC 7644 section 3.12). What the gateway calls its errors is in `detail` in words; the
 * keyword is one that directories know.
 */
import type { Response } from 'express'
import { GatewayError, type ErrorCode } from '../core/error.js'
import type { Logger } from '../lib/logger.js'
import { sayWhenToRetry, type RefusedRequest } from './error-handler.js'
import { apiPolicy } from './respond.js'

export function isScimPath(path: string): boolean {
  return path === '/scim/v2' || path.startsWith('/scim/v2/')
}

/** What the input is wrong in, other than that SCIM was misspoken. */
const badValues: readonly ErrorCode[] = [
  'INVALID_INPUT',
  'INVALID_RESOURCE',
  'INVALID_METADATA',
  'LIST_CYCLE',
  'LIST_FULL',
  'LIST_TOO_DEEP',
]

export function sendScimError(res: Response, error: unknown, request: RefusedRequest, logger: Logger): void {
  const known = error instanceof GatewayError ? error : undefined
  const isExpected = known !== undefined && (known.status < 500 || known.code === 'DIRECTORY_HELD')
  if (isExpected) logger.info({ ...request, problem: known.code }, known.message)
  else logger.error({ ...request, err: error }, 'request failed')
  const scimType = scimTypeOf(known)
  const status = statusOf(known, scimType)
  const detail = isExpected
    ? `${known.message}${known.code === 'INVALID_RESOURCE' ? problemsOf(known) : ''}`
    : `something went wrong here; the log has the cause under the reference ${request.requestId}`
  const wait = known?.details['retryAfterSeconds']
  sayWhenToRetry(res, status, typeof wait === 'number' ? wait : undefined)
  if (status === 401) res.setHeader('WWW-Authenticate', 'Bearer realm="scim"')
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('Content-Security-Policy', apiPolicy)
  res.setHeader('Content-Type', 'application/scim+json')
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    ...(scimType !== undefined && { scimType }),
    detail,
  }
  res.status(status).send(Buffer.from(JSON.stringify(body), 'utf8'))
}

function scimTypeOf(error: GatewayError | undefined): string | undefined {
  if (error === undefined) return undefined
  const told = error.details['scimType']
  if (typeof told === 'string') return told
  if (error.code === 'ALREADY_EXISTS') return 'uniqueness'
  return badValues.includes(error.code) ? 'invalidValue' : undefined
}

function statusOf(error: GatewayError | undefined, scimType: string | undefined): number {
  if (error === undefined) return 500
  if (scimType === 'uniqueness') return 409
  return error.status === 422 ? 400 : error.status
}

/** The first thing that is wrong with the user or list that it would have become. */
function problemsOf({ message, details }: GatewayError): string {
  const problems = details['problems']
  const first: unknown = Array.isArray(problems) ? problems[0] : undefined
  if (typeof first !== 'object' || first === null || !('message' in first)) return ''
  const says = String(first.message)
  return message.includes(says) ? '' : `: ${says}`
}
