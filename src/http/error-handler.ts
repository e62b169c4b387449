/**
 * @module The one place where errors become HTTP answers: problem documents (RFC 9457) for programs, the
 * problem page for navigations. Expected errors log at info, unexpected ones at error, and those tell the
 * outside only a reference.
 */
import type { Request, Response } from 'express'
import { documentProblem, type CurrentResource, type PageData, type Problem } from '../api/contract.js'
import { isPlainObject } from '../api/resource/parse.js'
import { GatewayError, type ErrorCode } from '../core/error.js'
import type { Logger } from '../lib/logger.js'
import { writeEditable } from './resource-answer.js'
import { apiPolicy } from './respond.js'
import type { Answer } from './route.js'

const titles: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  410: 'No longer valid',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Unsupported format',
  422: 'Not possible',
  428: 'The revision is missing',
  429: 'Too many attempts',
  502: 'Another service did not do it',
  503: 'Not available',
}

/** A wrong proof says nothing of whether somebody is signed in. */
const proofTitles: Partial<Record<ErrorCode, string>> = {
  SECOND_FACTOR_INVALID: 'Not accepted',
}

/** What the log line of a refusal tells about its request: never the query, the body or a header. */
export interface RefusedRequest {
  readonly requestId: string
  readonly method: string
  /** The pattern of its route, such as `/v1/users/:name`; the path itself where there is none. */
  readonly path: string
  readonly address: string
  readonly user?: string | undefined
}

/** A path for the log: a part as long as a token may be one that somebody put there. */
export function withoutTokens(path: string): string {
  return path.replace(/[\w-]{32,}/g, '[long]').slice(0, 200)
}

export function toProblem(error: unknown, request: RefusedRequest, logger: Logger): Problem {
  const { requestId } = request
  // Errors of our own are expected; everything else is not.
  const known = error instanceof GatewayError ? error : undefined
  // What AWS refuses is no fault of ours, and people are told what it said.
  if (known === undefined || (known.status >= 500 && known.status !== 502)) {
    logger.error({ ...request, err: error }, 'request failed')
  } else {
    logger.info({ ...request, problem: known.code }, known.message)
  }
  const status = known?.status ?? 500
  const code = known?.code ?? 'INTERNAL'
  const detail =
    known && (status < 500 || status === 502)
      ? known.message
      : `something went wrong here; the log has the cause under the reference ${requestId}`
  const { fields, retryAfterSeconds, auditReference, problems, current, lists, mfa } = known?.details ?? {}
  const audited = typeof auditReference === 'string'
  return {
    type: `urn:gatehouse:error:${code}`,
    title: (known && proofTitles[known.code]) ?? titles[status] ?? 'Something went wrong',
    status,
    code,
    detail,
    reference: audited ? auditReference : requestId,
    ...(audited && { audited }),
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
    // Put there by `route.ts`, always in this shape.
    ...(Array.isArray(fields) && { fields: fields as NonNullable<Problem['fields']> }),
    ...(Array.isArray(problems) && { problems: problems.slice(0, maxProblems).flatMap(readProblem) }),
    // Put there by `require-mfa.ts`, always in this shape.
    ...(isPlainObject(mfa) && { mfa: mfa as NonNullable<Problem['mfa']> }),
    ...readCurrent(current),
    ...(isNames(lists) && { lists: lists.slice(0, maxLists) }),
  }
}

/** Nobody follows more links than that. */
const maxLists = 50

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

/** A file can be wrong in more places than anybody reads. */
const maxProblems = 500

function readProblem(problem: unknown): NonNullable<Problem['problems']> {
  const { data } = documentProblem.safeParse(problem)
  return data === undefined ? [] : [data]
}

/** What is stored now, which the use case puts beside `REVISION_MISMATCH` for those who may read it. */
function readCurrent(current: unknown): { current?: CurrentResource } {
  if (!isPlainObject(current) || !isPlainObject(current['document'])) return {}
  const { revision, document } = current
  if (typeof revision !== 'string') return {}
  return { current: { revision, yaml: writeEditable({ document, revision }) } }
}

/** Whether a person's browser is navigating here, rather than a program asking for data. */
export function wantsPage(req: Request): boolean {
  return (isBrowserPath(req.path) || !req.path.startsWith('/v1/')) && req.accepts(['json', 'html']) === 'html'
}

/** Where a browser comes by on its way to a connector's upstream and back. */
function isBrowserPath(path: string): boolean {
  return path.startsWith('/v1/sign-in/connectors/') || path.startsWith('/v1/connectors/callback/')
}

/** `error` is the one that the problem tells. */
export function problemPage(problem: Problem, error?: unknown): Answer {
  const next = error instanceof GatewayError ? error.details['signInNext'] : undefined
  const isSignIn = typeof next === 'string' || problem.code === 'CONNECTOR_SIGN_IN_GONE'
  const data: PageData = {
    kind: 'problem',
    title: problem.title,
    detail: problem.detail,
    advice: adviceFor(problem),
    ...(problem.reference !== undefined && { reference: problem.reference }),
    ...(problem.audited && { audited: true }),
    ...(isSignIn && { signInNext: typeof next === 'string' ? next : '/' }),
  }
  return { kind: 'page', status: problem.status, data }
}

/** What a person at a browser can do about it. */
function adviceFor({ code, retryAfterSeconds }: Problem): string[] {
  switch (code) {
    case 'UNKNOWN_SERVICE_PROVIDER':
      return ['Ask an administrator to register this application with its SAML metadata.']
    case 'INVALID_SAML_REQUEST':
      return ['Start again from the application. If it happens again, its administrator has to correct it.']
    case 'SAML_REQUEST_ANSWERED':
    case 'SAML_REQUEST_GONE':
      return ['Go back to the application, for AWS the access portal, and start the sign-in again.']
    case 'CONNECTOR_SIGN_IN_GONE':
    case 'CONNECTOR_FAILED':
      return ['Go back to the sign-in page and start again.']
    case 'CONNECTOR_REFUSED':
      return ['Ask an administrator, and tell the reference number.']
    case 'TOO_MANY_ATTEMPTS':
      return [`Wait ${retryAfterSeconds ?? 60} seconds, then try again.`]
    default:
      return ['Tell an administrator the reference number if this happens again.']
  }
}

/** A database that went away is mostly back by then, or another replica reaches it. */
const retryUnavailableSeconds = 5

/** `Retry-After`, where it is known or where waiting helps in any case. */
export function sayWhenToRetry(res: Response, status: number, seconds: number | undefined): void {
  const wait = seconds ?? (status === 503 ? retryUnavailableSeconds : undefined)
  if (wait !== undefined) res.setHeader('Retry-After', String(wait))
}

export function sendProblem(res: Response, problem: Problem): void {
  sayWhenToRetry(res, problem.status, problem.retryAfterSeconds)
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('Content-Security-Policy', apiPolicy)
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}
