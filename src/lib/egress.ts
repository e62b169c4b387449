/**
 * @module The one way to fetch what somebody named (T16): https, no redirects, bounded in size and time, and never from
 * an address that is not public, whatever the name resolves to at that moment. Nothing is sent but the request.
 */
import { lookup as resolve, type LookupAddress } from 'node:dns'
import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export interface EgressAnswer {
  readonly status: number
  readonly body: string
}

export interface Egress {
  /** The answer, whatever its status; a redirect is an answer. @throws EgressError with words for people. */
  get(url: string): Promise<EgressAnswer>
}

export class EgressError extends Error {
  override readonly name = 'EgressError'
}

export interface EgressOptions {
  /**
   * Origins that somebody configured to be reached elsewhere, on this machine or in this network: `https://NAME` to a
   * base URL. The only way to an address that is not public.
   */
  readonly instead?: ReadonlyMap<string, string>
  readonly maxBytes?: number
  readonly timeoutMs?: number
}

/** By IANA's registries of special-purpose addresses: nothing there is the internet. */
const notPublic4 = new BlockList()
// Apart: in one list the rule for mapped addresses would hold for every IPv4 address.
const notPublic6 = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Azure gives out credentials and settings of the machine there.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  notPublic4.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  // Translated addresses (RFC 2765): another way to write any of IPv4.
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  // Site-local addresses (RFC 3879): no longer given out, and still private where they are in use.
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  notPublic6.addSubnet(network, prefix, 'ipv6')
}

/** Whether an address can belong to a machine on the public internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublic4.check(address, 'ipv4')
    case 6:
      return !notPublic6.check(address, 'ipv6')
    default:
      return false
  }
}

/**
 * Resolves a name and gives out its addresses only if all of them may be reached: what is checked is what is connected
 * to, whatever the name resolves to a moment later.
 */
export function guardedLookup(mayReach: (address: string) => boolean, lookUp = resolve): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const first = addresses?.[0]
      if (error !== null || first === undefined) {
        callback(error ?? new EgressError(`${hostname} has no address`), '', 4)
      } else if (!addresses.every(({ address }) => mayReach(address))) {
        callback(notReached(hostname), '', 4)
      } else if (options.all === true) {
        callback(null, addresses)
      } else {
        callback(null, first.address, first.family)
      }
    })
  }
}

/** A literal address is never looked up, so that it is judged here. @throws EgressError */
export function assertReachable({ hostname }: URL, mayReach: (address: string) => boolean): void {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !mayReach(host)) throw notReached(hostname)
}

function notReached(hostname: string): EgressError {
  return new EgressError(`${hostname} is not an address on the public internet`)
}

const publicLookup = guardedLookup(isPublicAddress)

export function createEgress(options: EgressOptions = {}): Egress {
  const { instead = new Map<string, string>(), maxBytes = 256 * 1024, timeoutMs = 5000 } = options
  return {
    get: async (text) => {
      const named = parseUrl(text)
      const base = instead.get(named.origin)
      if (base !== undefined) {
        const target = new URL(`${base.replace(/\/+$/, '')}${named.pathname}${named.search}`)
        return await fetchBounded(target, undefined)
      }
      if (named.protocol !== 'https:') throw new EgressError(`${text.slice(0, 200)} is not https`)
      assertReachable(named, isPublicAddress)
      return await fetchBounded(named, publicLookup)
    },
  }

  function fetchBounded(target: URL, lookup: LookupFunction | undefined): Promise<EgressAnswer> {
    const signal = AbortSignal.timeout(timeoutMs)
    return new Promise((done, fail) => {
      const reject = (error: unknown): void => fail(explain(error, target, signal))
      const request = target.protocol === 'http:' ? requestHttp : requestHttps
      const headers = { accept: 'application/json', 'accept-encoding': 'identity' }
      const sent = request(target, { signal, headers, agent: false, ...(lookup && { lookup }) }, (answer) => {
        readBounded(answer, maxBytes).then(
          (body) => done({ status: answer.statusCode ?? 0, body }),
          (error: unknown) => {
            sent.destroy()
            reject(error)
          },
        )
      })
      sent.on('error', reject)
      sent.end()
    })
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.username !== '' || url.password !== '') {
    throw new EgressError(`"${text.slice(0, 200)}" is no URL to fetch`)
  }
  return url
}

async function readBounded(answer: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new EgressError(`the answer has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function explain(error: unknown, { host }: URL, signal: AbortSignal): EgressError {
  if (error instanceof EgressError) return error
  if (signal.aborted) return new EgressError(`${host} did not answer in time`, { cause: error })
  const detail = error instanceof Error && 'code' in error ? String(error.code) : 'no connection'
  return new EgressError(`${host} cannot be reached (${detail})`, { cause: error })
}
