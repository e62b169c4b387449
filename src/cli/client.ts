/**
 * @module The CLI speaks HTTP like every other client. Never follows a redirect: the token is for one address only.
 * Every refusal of the gateway becomes an error in its own words, with the whole problem document beside it.
 */
import { mfaProofAnswer, mfaProofHeader, paths, type Problem } from '../api/contract.js'
import { errorCodes, GatewayError, isCode, type ErrorCode } from '../core/error.js'
import { maxProofSubjects } from '../core/mfa/proof.js'
import { describeRequest } from '../core/mfa/request-subject.js'
import { sha256Hex } from '../lib/sha256.js'
import { originOf } from './connection.js'

export { dataDirOf, findConnection, type ClientOptions } from './connection.js'

type Query = Readonly<Record<string, string | readonly string[] | undefined>>

export interface ApiRequest {
  readonly query?: Query
  /** Sent as it is; `contentType` says what it is. */
  readonly body?: string
  readonly contentType?: 'application/json' | 'application/yaml'
  readonly accept?: 'application/json' | 'application/yaml'
  /** A revision, without quotes. */
  readonly ifMatch?: string
}

export interface ApiResponse {
  readonly status: number
  /** The body as text; empty where there is none. */
  readonly text: string
  /** The revision that the ETag names, without quotes. */
  readonly etag: string | undefined
  /** Cursor of the next page, where the Link header names one (RFC 8288). */
  readonly nextCursor: string | undefined
}

/**
 * Each throws GatewayError: the code of the gateway's refusal with its problem document in `details.problem`, or
 * `UNAVAILABLE` where no gateway answers.
 */
/** A change that is made later, without a body that the gateway reads. */
export interface AnnouncedChange {
  readonly method: 'POST' | 'DELETE'
  readonly path: string
}

export interface ApiClient {
  /** Of the gateway, without a trailing slash. */
  readonly url: string
  /**
   * Says what is asked later by the same command: one code counts for all of it, by a proof that is bound to each of them
   * and is spent once for each.
   */
  announce(changes: readonly AnnouncedChange[]): void
  /** Any request, any format; answers of status 200 to 299 alone. */
  request(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, request?: ApiRequest): Promise<ApiResponse>
  /** These send and answer JSON. */
  get(path: string, query?: Query): Promise<unknown>
  post(path: string, body: object, query?: Query): Promise<unknown>
  put(path: string, body: object, query?: Query): Promise<unknown>
  /** Undefined where the answer has no body. */
  delete(path: string, query?: Query): Promise<unknown>
}

/** `token` undefined asks as nobody, for the few things that anyone may ask. `codeFor` gives the code that a change takes. */
export function createClient(
  {
    url,
    token,
  }: {
    readonly url: string
    readonly token: string | undefined
  },
  codeFor?: (mfa: NonNullable<Problem['mfa']>) => Promise<string>,
): ApiClient {
  originOf(url)
  const announced = new Set<string>()
  const kept = new Map<string, string>()
  const subjectFor = (method: string, path: string): string => {
    const { pathname, search } = new URL(path, url)
    return sha256Hex(describeRequest({ method, url: `${pathname}${search}` }))
  }
  const request: ApiClient['request'] = async (method, path, options = {}) => {
    const own = subjectFor(method, path)
    const early = kept.get(own)
    // A dry run of the same is another address, and a proof counts once.
    const isIt = early !== undefined && Object.keys(options.query ?? {}).length === 0
    if (isIt) kept.delete(own)
    announced.delete(own)
    try {
      return await send(method, path, options, isIt ? { [mfaProofHeader]: early } : {})
    } catch (error) {
      const mfa = codeFor && askedToConfirm(error)
      if (codeFor === undefined || mfa === undefined) throw error
      const { purpose } = mfa
      const subjects = [...new Set([...mfa.subjects, ...announced])].slice(0, maxProofSubjects)
      const body = JSON.stringify({ purpose, subjects, code: await codeFor(mfa) })
      const given = await send('POST', paths.mfaProofs, { body })
      const { proof } = mfaProofAnswer.parse(readJson(given, new URL(url).origin))
      for (const one of subjects) if (announced.has(one)) kept.set(one, proof)
      return await send(method, path, options, { [mfaProofHeader]: proof })
    }
  }
  const send = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    options: ApiRequest = {},
    more: Readonly<Record<string, string>> = {},
  ): Promise<ApiResponse> => {
    const {
      query = {},
      body,
      contentType = 'application/json',
      accept = 'application/json',
      ifMatch,
    } = options
    const target = new URL(path, url)
    for (const [name, value] of Object.entries(query)) {
      for (const one of typeof value === 'string' ? [value] : (value ?? []))
        target.searchParams.append(name, one)
    }
    return await ask(target, {
      method,
      headers: {
        accept,
        ...more,
        'user-agent': 'gatehouse',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': contentType }),
        ...(ifMatch !== undefined && { 'if-match': `"${ifMatch}"` }),
      },
      ...(body !== undefined && { body }),
    })
  }
  const askJson = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    query?: Query,
    body?: object,
  ) => {
    const answer = await request(method, path, {
      ...(query !== undefined && { query }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return answer.status === 204 ? undefined : readJson(answer, new URL(url).origin)
  }
  return {
    url: new URL(url).origin,
    announce: (changes) => {
      for (const { method, path } of changes) announced.add(subjectFor(method, path))
    },
    request,
    get: async (path, query) => await askJson('GET', path, query),
    post: async (path, body, query) => await askJson('POST', path, query, body),
    put: async (path, body, query) => await askJson('PUT', path, query, body),
    delete: async (path, query) => await askJson('DELETE', path, query),
  }
}

/** What a change by an administrator takes beside the session; decisions on requests ask by themselves. */
function askedToConfirm(error: unknown): Problem['mfa'] {
  if (!isCode(error, 'SESSION_MFA_REQUIRED')) return undefined
  // Put there by `refusal`, which read it from the gateway.
  const { mfa } = error.details['problem'] as Problem
  return mfa?.purpose === 'administer' ? mfa : undefined
}

async function ask(target: URL, request: RequestInit): Promise<ApiResponse> {
  let response: Response
  let text: string
  try {
    response = await fetch(target, { ...request, redirect: 'error', signal: AbortSignal.timeout(30_000) })
    text = await response.text()
  } catch (cause) {
    const message = `no answer from ${target.origin}; is the gateway running?`
    throw new GatewayError('UNAVAILABLE', message, {}, { cause })
  }
  if (!response.ok) throw refusal(readJson({ status: response.status, text }, target.origin), response.status)
  // RFC 9110 8.8.3: a proxy that compresses makes it weak, and the revision is the same.
  const etag = /^(?:W\/)?"([^"]*)"$/.exec(response.headers.get('etag') ?? '')?.[1]
  return { status: response.status, text, etag, nextCursor: readNextCursor(response, target) }
}

/** Only the cursor is taken: where the next request goes is not for an answer to say. */
function readNextCursor(response: Response, target: URL): string | undefined {
  const next = /<([^>]*)>\s*;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
  if (next === undefined || !URL.canParse(next, target)) return undefined
  return new URL(next, target).searchParams.get('cursor') ?? undefined
}

function readJson({ status, text }: Pick<ApiResponse, 'status' | 'text'>, origin: string): object {
  const body = parseJson(text)
  if (typeof body === 'object' && body !== null) return body
  throw new GatewayError('UNAVAILABLE', `${origin} answered HTTP ${status} and no JSON; is that a gateway?`)
}

/** The error in the gateway's own words, for an answer whose body was read as text. */
export function refusalFrom(text: string, status: number, origin: string): GatewayError {
  return refusal(readJson({ status, text }, origin), status)
}

/** The gateway answers every failure with a problem document. */
function refusal(body: object, status: number): GatewayError {
  const problem: Partial<Problem> = body
  const fallback = status === 401 ? 'NOT_SIGNED_IN' : 'INVALID_INPUT'
  const code = isErrorCode(problem.code) ? problem.code : fallback
  const words = `${problem.title ?? `HTTP ${status}`}: ${problem.detail ?? 'no details'}`
  return new GatewayError(code, words, { problem })
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller refuses it with its place
  }
}
