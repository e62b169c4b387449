/**
 * @module How many connections one address may hold at a time. Proxies that are trusted carry everybody's, so only the
 * whole counts for them. An IPv6 site is one address, for a /64 costs nothing (as for sign-in limits).
 */
import { isIPv6, type Server, type Socket } from 'node:net'

export interface ConnectionLimits {
  /** Of all addresses together; more are closed at once. */
  readonly most: number
  readonly mostPerAddress: number
  /** Whether connections of this address are those of many people. */
  readonly isProxy: (address: string) => boolean
}

/** Refuses connections beyond the limits, before any byte of theirs is read. */
export function limitConnections(server: Server, limits: ConnectionLimits): void {
  server.maxConnections = limits.most
  const open = new Map<string, number>()
  // Also with TLS this tells of the bare connection, before the handshake costs anything.
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress
    // Gone already.
    if (address === undefined) return
    if (limits.isProxy(address)) return
    const site = siteOf(address)
    const count = (open.get(site) ?? 0) + 1
    if (count > limits.mostPerAddress) {
      socket.destroy()
      return
    }
    open.set(site, count)
    socket.once('close', () => {
      const left = (open.get(site) ?? 1) - 1
      if (left === 0) open.delete(site)
      else open.set(site, left)
    })
  })
}

/** IPv4 as it is, also where it comes mapped; of IPv6 the first 64 bits. */
export function siteOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.replace(/%.*$/s, '').split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
