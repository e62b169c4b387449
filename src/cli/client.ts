/**
 * @module The CLI speaks HTTP like every other client. On the gateway's own machine it finds the operator's
 * token and address in the data folder; elsewhere `GATEHOUSE_URL` and `GATEHOUSE_TOKEN` (or the options) say them.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../api/contract.js'
import { GatewayError } from '../core/error.js'

export interface ClientOptions {
  readonly url?: string | undefined
  readonly token?: string | undefined
  readonly dataDir?: string | undefined
}

export interface ApiClient {
  get(
    path: string,
    query?: Readonly<Record<string, string | readonly string[] | undefined>>,
  ): Promise<unknown>
  post(path: string, body: object): Promise<unknown>
}

/** Name of the file in the data folder by which the operator of this machine is known. */
export const operatorFileName = 'operator.json'

interface Connection {
  readonly url: string
  readonly token: string
}

/** The data folder of the gateway on this machine. */
export function dataDirOf(options: ClientOptions, env: NodeJS.ProcessEnv): string {
  return options.dataDir ?? env.GATEHOUSE_DATA_DIR ?? './data'
}

/** @throws GatewayError `NOT_SIGNED_IN` with what to set, when neither options nor the data folder tell. */
export async function findConnection(options: ClientOptions, env: NodeJS.ProcessEnv): Promise<Connection> {
  const url = options.url ?? env.GATEHOUSE_URL
  const token = options.token ?? env.GATEHOUSE_TOKEN
  if (url !== undefined && token !== undefined) return { url, token }
  const file = join(dataDirOf(options, env), operatorFileName)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new GatewayError(
      'NOT_SIGNED_IN',
      `cannot read ${file}: is the gateway running here, and as your user? Set GATEHOUSE_DATA_DIR to its data folder, or GATEHOUSE_URL and GATEHOUSE_TOKEN`,
      {},
      { cause },
    )
  }
  const found = parseJson(text)
  if (
    typeof found === 'object' &&
    found !== null &&
    'url' in found &&
    'token' in found &&
    typeof found.url === 'string' &&
    typeof found.token === 'string'
  ) {
    // T15: a token goes only to whom it is for, not to whatever host an option or a variable names.
    if (token === undefined && url !== undefined && !isSameOrigin(url, found.url)) {
      throw new GatewayError(
        'NOT_SIGNED_IN',
        `the token in ${file} is for ${found.url} and is not sent to ${url}; set GATEHOUSE_TOKEN to one for there`,
      )
    }
    return { url: url ?? found.url, token: token ?? found.token }
  }
  throw new GatewayError('INVALID_INPUT', `${file} is not a file that the gateway wrote; restart the gateway`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller refuses it with its place
  }
}

function isSameOrigin(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).origin === new URL(other).origin
}

export function createClient({ url, token }: Connection): ApiClient {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new GatewayError(
      'INVALID_INPUT',
      `"${url}" is no address of a gateway; write for example http://localhost:3080`,
    )
  }
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
  return {
    async get(path, query = {}) {
      const target = new URL(path, url)
      for (const [name, value] of Object.entries(query)) {
        for (const one of typeof value === 'string' ? [value] : (value ?? []))
          target.searchParams.append(name, one)
      }
      return await ask(target, { headers })
    },
    async post(path, body) {
      return await ask(new URL(path, url), {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    },
  }
}

/** Asks, and turns every failure into words. Never follows a redirect: the token is for this address only. */
async function ask(target: URL, request: RequestInit): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(target, { ...request, redirect: 'error', signal: AbortSignal.timeout(30_000) })
  } catch (cause) {
    throw new GatewayError(
      'UNAVAILABLE',
      `no answer from ${target.origin}; is the gateway running?`,
      {},
      { cause },
    )
  }
  const body = parseJson(await response.text())
  if (typeof body !== 'object' || body === null) {
    throw new GatewayError(
      'UNAVAILABLE',
      `${target.origin} answered HTTP ${response.status} and no JSON; is that a gateway?`,
    )
  }
  if (response.ok) return body
  // The gateway answers every failure with a problem document.
  const problem = body as Partial<Problem>
  throw new GatewayError(
    response.status === 401 ? 'NOT_SIGNED_IN' : 'INVALID_INPUT',
    `${problem.title ?? `HTTP ${response.status}`}: ${problem.detail ?? 'no details'}`,
  )
}
