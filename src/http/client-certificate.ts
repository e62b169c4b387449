/**
 * @module The client certificate of a browser: out of the handshake where Gatehouse ends TLS itself, else as the proxy
 * that did passes it on. Anyone can send a header: it counts only where this very connection comes from a trusted proxy
 * (T32), and never beside TLS of our own. What the certificate holds, `authn` verifies.
 */
import { TLSSocket } from 'node:tls'
import type { Request } from 'express'

export type CertificateSource =
  | { readonly from: 'handshake' }
  /** The name in small letters. */
  | { readonly from: 'header'; readonly header: string }

/** As RFC 9440 2.1 writes it, or as the proxy does; undefined where there is none to be believed. */
export function readClientCertificate(
  request: Pick<Request, 'app' | 'headersDistinct' | 'socket'>,
  source: CertificateSource | undefined,
): string | undefined {
  switch (source?.from) {
    case undefined:
      return undefined
    case 'handshake':
      return readHandshake(request)
    case 'header':
      return readHeader(request, source.header)
  }
}

/** Undefined on the connection of a proxy: the certificate there is its own, not that of the browser behind it. */
function readHandshake({ app, socket }: Pick<Request, 'app' | 'socket'>): string | undefined {
  if (!(socket instanceof TLSSocket) || isProxy(app, socket.remoteAddress)) return undefined
  const certificate = socket.getPeerX509Certificate()
  return certificate && `:${certificate.raw.toString('base64')}:`
}

/** Undefined from anyone but a trusted proxy, and for a header that came twice. */
function readHeader(
  { app, headersDistinct, socket }: Pick<Request, 'app' | 'headersDistinct' | 'socket'>,
  header: string,
): string | undefined {
  if (!isProxy(app, socket.remoteAddress)) return undefined
  const [value, ...more] = headersDistinct[header] ?? []
  return value === undefined || value === '' || more.length > 0 ? undefined : value
}

/** What express made of the setting `trust proxy`: whether the peer of the connection is one. */
function isProxy(app: Request['app'], address: string | undefined): boolean {
  const trust = app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean
  return trust(address, 0)
}
