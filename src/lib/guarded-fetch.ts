/**
 * @module `fetch` for an address that somebody named, with more than one method: the rules of `egress.ts` on where a
 * connection may go, for callers that bound time and size themselves. It never follows a redirect.
 */
import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { BlockList, isIP } from 'node:net'
import { Readable } from 'node:stream'
import { assertReachable, guardedLookup, isPublicAddress } from './egress.js'

export interface GuardedRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal: AbortSignal
}

export type GuardedFetch = (url: string, request: GuardedRequest) => Promise<Response>

export interface GuardedFetchOptions {
  /** Also to this machine itself, for trials with an emulator. Nothing opens the network around it. */
  readonly allowLoopback: boolean
  /** Also to private networks, but for the addresses in them at which clouds keep credentials. */
  readonly allowPrivate?: boolean
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Connections are kept for the next call. Rejects with an EgressError where the address may not be reached. */
export function createGuardedFetch({ allowLoopback, allowPrivate }: GuardedFetchOptions): GuardedFetch {
  const mayReach = (address: string): boolean =>
    isPublicAddress(address) ||
    (allowLoopback && isLoopback(address)) ||
    (allowPrivate === true && isPrivateAddress(address))
  const lookup = guardedLookup(mayReach)
  const http = new HttpAgent({ keepAlive: true })
  const https = new HttpsAgent({ keepAlive: true })
  return async (text, { method, headers, body, signal }) => {
    const url = new URL(text)
    assertReachable(url, mayReach)
    const isPlain = url.protocol === 'http:'
    const options = {
      method,
      headers: { ...headers, 'accept-encoding': 'identity' },
      signal,
      lookup,
      agent: isPlain ? http : https,
    }
    return await new Promise<Response>((resolve, reject) => {
      const sent = (isPlain ? requestHttp : requestHttps)(url, options, (answer) => {
        // What a Response cannot hold is an answer of no use.
        try {
          resolve(responseOf(answer))
        } catch (error) {
          sent.destroy()
          reject(error instanceof Error ? error : new Error('the answer cannot be read'))
        }
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
}

function isLoopback(address: string): boolean {
  return isIn(loopback, address)
}

// RFC 1918 and RFC 4193; link-local addresses are no private network. Apart, as in `egress.ts`.
const private4 = new BlockList()
private4.addSubnet('10.0.0.0', 8, 'ipv4')
private4.addSubnet('172.16.0.0', 12, 'ipv4')
private4.addSubnet('192.168.0.0', 16, 'ipv4')
const private6 = new BlockList()
private6.addSubnet('fc00::', 7, 'ipv6')
const metadata6 = new BlockList()
metadata6.addSubnet('fd00:ec2::', 32, 'ipv6')
metadata6.addSubnet('fd20:ce::', 32, 'ipv6')

/** Whether an address belongs to a private network, and is not one at which a cloud gives out credentials. */
export function isPrivateAddress(address: string): boolean {
  if (isIP(address) === 4) return isIn(private4, address)
  return isIn(private6, address) && !isIn(metadata6, address)
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** Statuses whose answer has no body (RFC 9110 §15). */
const withoutBody: readonly (number | undefined)[] = [204, 205, 304]

function responseOf(answer: IncomingMessage): Response {
  const headers = new Headers()
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const { statusCode: status } = answer
  if (!withoutBody.includes(status)) {
    // Node's two declarations of a web stream differ in words only.
    const body = Readable.toWeb(answer) as ReadableStream<Uint8Array>
    return new Response(body, { status: status ?? 0, headers })
  }
  answer.resume()
  return new Response(null, { status: status ?? 0, headers })
}
