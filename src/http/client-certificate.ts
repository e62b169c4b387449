/**
 * @module The client certificate of a browser, as the proxy that ended its TLS passes it on. Anyone can send a header:
 * it counts only where this very connection comes from a trusted proxy (T32). What it holds, `authn` verifies.
 */
import type { Request } from 'express'

/** Undefined from anyone but a trusted proxy, and for a header that came twice. */
export function readCertificateHeader(
  { app, headersDistinct, socket }: Pick<Request, 'app' | 'headersDistinct' | 'socket'>,
  header: string | undefined,
): string | undefined {
  if (header === undefined) return undefined
  // What express made of the setting `trust proxy`: whether the peer of the connection is one.
  const trust = app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean
  if (!trust(socket.remoteAddress, 0)) return undefined
  const [value, ...more] = headersDistinct[header] ?? []
  return value === undefined || value === '' || more.length > 0 ? undefined : value
}
