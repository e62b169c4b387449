/**
 * @module Where a request came from, for limits and the audit log. What a trusted proxy forwards counts only where
 * it is an address: anything else would be a bucket of its own, and text of a stranger in the log.
 */
import { isIP } from 'node:net'
import type { Request } from 'express'

/** The address that a trusted proxy names, else that of the connection; empty on a connection without one. */
export function clientAddress({ ip, socket }: Pick<Request, 'ip' | 'socket'>): string {
  return findAddress(ip ?? '') ?? socket.remoteAddress ?? ''
}

/**
 * The address in a forwarded one: as it is, or before a port as some proxies add it (`192.0.2.1:4711`,
 * `[2001:db8::1]:4711`, RFC 7239 6). An IPv6 zone names an interface of another machine and is left out.
 */
export function findAddress(forwarded: string): string | undefined {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(forwarded)?.[1]
  const withPort = /^([\d.]+):\d{1,5}$/.exec(forwarded)?.[1]
  const address = (bracketed ?? withPort ?? forwarded).replace(/%.*$/s, '')
  return isIP(address) === 0 ? undefined : address
}
