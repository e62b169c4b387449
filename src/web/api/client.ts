/**
 * @module The web page's way to the API: JSON and YAML over same-origin fetch, the CSRF token of the session on unsafe
 * requests, and problem documents as {@link ApiProblem}. It holds no rule of its own; the server decides.
 * Neighbours: `queries.ts` (what is read), `query-client.ts` (the cache).
 */
import type { Page, Problem, SessionAnswer } from '../../api/contract.js'
import { csrfHeader, mfaProofHeader } from '../../api/paths.js'
import { apiPaths } from '../path-builder.js'
import { keepForLater, subjectsWithLater, takeProof } from './confirm-together.js'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** The server answered, and the answer is no. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }

  get code(): string {
    return this.problem.code
  }
}

/** No answer came: the network or the server is down. */
export class NetworkDown extends Error {
  override readonly name = 'NetworkDown'
}

/** Whether `error` is a problem with this code of `core/error.ts`. */
export function isProblem(error: unknown, code: string): error is ApiProblem {
  return error instanceof ApiProblem && error.code === code
}

let csrfToken: string | undefined

export async function getSession(signal?: AbortSignal): Promise<SessionAnswer> {
  const session = await getJson<SessionAnswer>(apiPaths.session(), signal)
  csrfToken = session.csrfToken
  return session
}

export function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  return call<T>('GET', url, undefined, signal)
}

/** Follows a list to its end; a list longer than `maxPages` pages is cut there. */
export async function getAll<T>(
  pageUrl: (cursor?: string) => string,
  signal?: AbortSignal,
  maxPages = 100,
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page += 1) {
    const answer: Page<T> = await getJson<Page<T>>(pageUrl(cursor), signal)
    items.push(...answer.items)
    cursor = answer.nextCursor
    if (cursor === undefined) break
  }
  return items
}

interface Content {
  readonly type: 'application/json' | 'application/yaml'
  readonly text: string
}

/** Sends a change as JSON. */
export function sendJson<T>(method: Exclude<Method, 'GET'>, url: string, body?: unknown): Promise<T> {
  const content: Content | undefined =
    body === undefined ? undefined : { type: 'application/json', text: JSON.stringify(body) }
  return send<T>(method, url, content)
}

interface SendOptions {
  /** The revision that the change was made from (RFC 9110 §13.1.1); another one is refused. */
  readonly ifMatch?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** Sends a document as a person wrote it, so that the server tells problems by its lines. */
export function sendYaml<T>(
  method: 'POST' | 'PUT',
  url: string,
  yaml: string,
  options: SendOptions = {},
): Promise<T> {
  return send<T>(method, url, { type: 'application/yaml', text: yaml }, options)
}

/** Deletes what is at `url`, if it still has the revision that the person saw. */
export function sendDelete<T>(url: string, options: SendOptions): Promise<T> {
  return send<T>('DELETE', url, undefined, options)
}

/** A token that went stale (another tab signed in) is renewed once. */
async function send<T>(
  method: Exclude<Method, 'GET'>,
  url: string,
  content?: Content,
  { ifMatch, signal }: SendOptions = {},
): Promise<T> {
  if (csrfToken === undefined) await getSession()
  const more = ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }
  const confirmed = async (): Promise<T> =>
    await withConfirmation({ method, url }, (proof) =>
      call<T>(method, url, content, signal, { ...more, ...proof }),
    )
  try {
    return await confirmed()
  } catch (error) {
    if (!isProblem(error, 'CSRF')) throw error
    await getSession()
    return await confirmed()
  }
}

type Asked = NonNullable<Problem['mfa']>

/** Asks the person; undefined where they do not confirm. */
export type AskToConfirm = (asked: Asked) => Promise<string | undefined>

let askToConfirm: AskToConfirm | undefined

/** Who is asked where a change takes a fresh second factor; answers what ends it. */
export function onConfirmation(ask: AskToConfirm): () => void {
  askToConfirm = ask
  return () => {
    if (askToConfirm === ask) askToConfirm = undefined
  }
}

/** A change by an administrator that takes a second factor is made again with it; decisions on requests ask by themselves. */
async function withConfirmation<T>(
  what: { readonly method: string; readonly url: string },
  change: (proof: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const early = takeProof(what)
  try {
    if (early !== undefined) return await change({ [mfaProofHeader]: early })
  } catch (error) {
    if (!isProblem(error, 'MFA_PROOF_INVALID')) throw error
  }
  try {
    return await change({})
  } catch (error) {
    if (!isProblem(error, 'SESSION_MFA_REQUIRED') || askToConfirm === undefined) throw error
    const { mfa } = error.problem
    if (mfa?.purpose !== 'administer') throw error
    const subjects = [...(await subjectsWithLater(mfa.subjects))]
    const proof = await askToConfirm({ ...mfa, subjects })
    if (proof === undefined) throw error
    keepForLater(proof)
    return await change({ [mfaProofHeader]: proof })
  }
}

async function call<T>(
  method: Method,
  url: string,
  content?: Content,
  signal?: AbortSignal,
  more: Readonly<Record<string, string>> = {},
): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json', ...more }
  if (method !== 'GET' && csrfToken !== undefined) headers[csrfHeader] = csrfToken
  if (content !== undefined) headers['content-type'] = content.type
  const response = await fetch(url, {
    method,
    headers,
    credentials: 'same-origin',
    redirect: 'error',
    ...(content === undefined ? {} : { body: content.text }),
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause
    throw new NetworkDown('The gateway cannot be reached.', { cause })
  })
  const text = await response.text()
  const answer: unknown = text === '' ? undefined : parseJson(text)
  if (!response.ok) throw new ApiProblem(toProblem(answer, response))
  // Server and page are built from one contract, and the answer of this URL is typed there.
  return answer as T
}

/**
 * Reads a large answer as it comes. `onBytes` is given each piece; an answer that ends too early is no answer.
 * @throws ApiProblem, NetworkDown; what the signal was aborted with.
 */
export async function getFile(
  url: string,
  {
    signal,
    onStart,
    onBytes,
  }: {
    signal: AbortSignal
    onStart: (headers: Headers) => void
    onBytes: (bytes: Uint8Array) => void
  },
): Promise<Blob> {
  const parts: BlobPart[] = []
  let response: Response | undefined
  try {
    response = await fetch(url, { credentials: 'same-origin', redirect: 'error', signal })
    if (response.ok && response.body) {
      onStart(response.headers)
      const reader = response.body.getReader()
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        parts.push(piece.value)
        onBytes(piece.value)
      }
    }
  } catch (cause) {
    if (signal.aborted) throw cause
    const says = response ? 'The answer ended too early. Try again.' : 'The gateway cannot be reached.'
    throw new NetworkDown(says, { cause })
  }
  if (!response.ok) throw new ApiProblem(toProblem(parseJson(await response.text()), response))
  return new Blob(parts, { type: response.headers.get('content-type') ?? 'application/octet-stream' })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A proxy in between may answer with anything; it is still told as a problem. */
function toProblem(answer: unknown, response: Response): Problem {
  if (typeof answer === 'object' && answer !== null && 'code' in answer && 'detail' in answer) {
    return answer as Problem // Made by the one error handler of the server.
  }
  return {
    type: 'about:blank',
    title: 'Unexpected answer',
    status: response.status,
    code: response.status >= 500 ? 'UNAVAILABLE' : 'INTERNAL',
    detail: `The gateway answered with status ${response.status} and no explanation.`,
  }
}
