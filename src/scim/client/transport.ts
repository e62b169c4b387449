/**
 * @module One request to the SCIM endpoint: through the governor, with the token of the moment, in bounded time and
 * size, never following a redirect (T15). The token goes into the header and nowhere else.
 */
import type { AwsFailure, CallGovernor, CallOptions } from '../../core/governor/call.js'
import { AwsCallError } from '../../core/governor/call.js'
import { EgressError } from '../../lib/egress.js'
import { withTimeLimit } from '../../lib/time-limit.js'
import type { Timers } from '../../lib/timers.js'
import { failureOfStatus, invalid, notReached, refusal, unauthorized, unknownOutcome } from './errors.js'

/** What is asked of `fetch` here: a part of what every one of them takes. */
export interface FetchInit {
  readonly method: string
  readonly redirect: 'manual'
  readonly signal: AbortSignal
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export type Fetch = (url: string, init: FetchInit) => Promise<Response>

export interface TransportOptions {
  /** With a slash at its end. */
  readonly baseUrl: string
  readonly token: () => Promise<string>
  readonly governor: CallGovernor
  readonly timers: Timers
  readonly fetch: Fetch
}

export interface ScimRequest {
  readonly operation: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the base URL, without a slash in front; with its query. */
  readonly path: string
  readonly body?: unknown
  /** Membership changes in it. */
  readonly memberships?: number
  /** What 409 means here; `conflict` where left out. */
  readonly duplicate?: AwsFailure
}

/** Sends; answers the parsed body, or undefined where there is none. @throws AwsCallError */
export type SendScim = (request: ScimRequest, options: CallOptions) => Promise<unknown>

const callMs = 10_000
/** A page of 100 users with all their attributes is a tenth of it. */
const largestBody = 4 * 1024 * 1024
/** Tokens are long, and longer than they were; what a header cannot carry is refused before it can be quoted. */
const tokenForm = /^[\x21-\x7e]{1,8192}$/

export function scimTransport(options: TransportOptions): SendScim {
  return (request, callOptions) => {
    const { operation, memberships } = request
    const call = {
      service: 'scim',
      operation,
      priority: callOptions.priority,
      ...(memberships !== undefined && { memberships }),
    } as const
    return options.governor.run(call, callOptions, (signal) => attempt(options, request, callOptions, signal))
  }
}

async function attempt(
  options: TransportOptions,
  request: ScimRequest,
  { deadline }: CallOptions,
  signal: AbortSignal,
): Promise<unknown> {
  const { timers } = options
  const { operation } = request
  const token = await options.token()
  if (!tokenForm.test(token))
    throw unauthorized(operation, 'the SCIM token is empty, or has characters that no token has')
  const left = deadline === undefined ? callMs : Math.min(callMs, deadline - timers.now())
  if (left <= 0) throw unknownOutcome(operation, 'Deadline', 'not begun, for its time was over')
  try {
    return await withTimeLimit(timers, left, signal, (limit) => exchange(options, request, token, limit))
  } catch (error) {
    // Nothing was sent, and no other call fares better; of the token it says nothing.
    if (error instanceof EgressError) throw notReached(operation, error.message)
    throw error instanceof AwsCallError ? error : unknownOutcome(operation, codeOf(error), wordsOf(error))
  }
}

async function exchange(
  { baseUrl, fetch, timers }: TransportOptions,
  { operation, method, path, body, duplicate }: ScimRequest,
  token: string,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await fetch(baseUrl + path, {
    method,
    redirect: 'manual',
    signal,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const isRead = method === 'GET'
  const text = await readBounded(response)
  const { status, headers } = response
  if (status < 200 || status >= 300) {
    const failure = failureOfStatus(status, duplicate ?? 'conflict')
    const detail = detailOf(text)
    throw refusal({ operation, status, failure, detail, headers, now: timers.now() })
  }
  if (text === undefined) {
    const why = `the answer is larger than ${largestBody} bytes`
    throw isRead ? invalid(operation, why) : unknownOutcome(operation, 'Size', why)
  }
  if (text === '') return undefined
  const parsed = parseJson(text)
  // A success whose body broke off: something happened, and what exactly is not known.
  if (parsed === undefined) throw unknownOutcome(operation, 'InvalidAnswer', 'the answer is not JSON')
  return parsed
}

/** Undefined where there is more than is allowed; the rest is not read. */
async function readBounded(response: Response): Promise<string | undefined> {
  if (response.body === null) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.byteLength
    // Leaving the loop cancels the stream.
    if (size > largestBody) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function detailOf(text: string | undefined): unknown {
  const body = text === undefined ? undefined : parseJson(text)
  return typeof body === 'object' && body !== null && 'detail' in body ? body.detail : undefined
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  if (typeof code === 'string' && /^[A-Z][A-Z_]{1,40}$/.test(code)) return code
  return error instanceof Error ? error.name : 'Unknown'
}

/** Never the message of fetch itself: it may quote what was sent. */
function wordsOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeOver') return error.message
  return `the connection failed (${codeOf(error)})`
}
