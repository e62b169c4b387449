/**
 * @module The listening socket: plain HTTP or TLS, limits on what a connection may cost before a route sees it (slow
 * heads and bodies, long lines, many headers, requests piled up in one connection), and an orderly end.
 */
import { constants } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { Server, Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { ListenAddress } from '../config/rules.js'
import { GatewayError } from '../core/error.js'
import { limitConnections, type ConnectionLimits } from './connection-limits.js'

export interface Listener extends AsyncDisposable {
  /** By the address that was bound; with TLS its certificate is for another name. */
  readonly url: string
  /** Until this is called, requests are answered with 503. */
  serve(handler: RequestListener): void
  /** Goes on serving, and tells each client to come back on a new connection, which a balancer leads elsewhere. */
  endKeepAlive(): void
  /** With TLS: later handshakes show this certificate. @throws for one that does not fit its key. */
  setCertificate(certificate: ServedTls): void
}

export interface ServedTls {
  /** PEM. */
  readonly cert: string
  /** PEM. */
  readonly key: string
}

export interface ListenerOptions {
  readonly listen: ListenAddress
  readonly connections: ConnectionLimits
  readonly tls?: ServedTls | undefined
  /** PEM of authorities of devices: with TLS their certificates are asked for, never required. */
  readonly deviceAuthorities?: string | undefined
  /** What a request may cost; the defaults are those of the documentation. */
  readonly limits?: Partial<RequestLimits>
}

export interface RequestLimits {
  /** All headers must have come by then. */
  readonly headersMs: number
  /** The whole request must have come by then. */
  readonly requestMs: number
  /** A connection on which nothing moves while an answer is owed ends then: the client does not read. */
  readonly idleMs: number
  readonly handshakeMs: number
  /** How often the above are looked at. */
  readonly checkMs: number
  /** Request line and headers together, in bytes. */
  readonly headerBytes: number
  readonly headers: number
  /** Of the path with its query, in characters. */
  readonly urlLength: number
  /** Requests of one connection that wait for their answer. */
  readonly pipelined: number
  /** How long open requests may take to finish when the gateway stops. */
  readonly drainMs: number
}

const defaultLimits: RequestLimits = {
  headersMs: 15_000,
  requestMs: 30_000,
  idleMs: 120_000,
  handshakeMs: 10_000,
  checkMs: 5000,
  headerBytes: 32_768,
  headers: 100,
  // A signed AuthnRequest by redirect has some 4 KiB.
  urlLength: 16_384,
  pipelined: 16,
  drainMs: 10_000,
}

/** Forward secrecy and authenticated encryption alone (RFC 9325 4.2.1), and all of TLS 1.3. */
const ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':')

/** Listens. @throws GatewayError `INVALID_CONFIG` where the address is taken or not ours. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const limits = { ...defaultLimits, ...options.limits }
  let handler: RequestListener = (_, response) => {
    response.writeHead(503, { 'Retry-After': '1' }).end()
  }
  let keepsAlive = true
  const open = new Set<ServerResponse>()
  const onRequest = boundRequests(limits, (request, response) => {
    open.add(response)
    response.once('close', () => {
      open.delete(response)
      // Where the headers had gone out before the end began, the client may still hope for another answer.
      if (!server.listening) setImmediate(() => server.closeIdleConnections())
    })
    if (!keepsAlive) response.setHeader('Connection', 'close')
    handler(request, response)
  })
  const server = createBoundServer(options, limits, onRequest)
  const endKeepAlive = () => {
    keepsAlive = false
    for (const response of open) if (!response.headersSent) response.setHeader('Connection', 'close')
  }
  limitConnections(server, options.connections)
  const url = await bind(server, options.listen)
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${url}`,
    serve: (next) => {
      handler = next
    },
    endKeepAlive,
    setCertificate: (certificate) => {
      if (server instanceof TlsServer) server.setSecureContext(secureContext(certificate, options))
    },
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return
      endKeepAlive()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const forced = setTimeout(() => server.closeAllConnections(), limits.drainMs)
      await closed
      clearTimeout(forced)
    },
  }
}

/** Binds the address; answers `host:port`, brackets and all. */
export async function bind(server: Server, { host, port }: ListenAddress): Promise<string> {
  const name = host.includes(':') ? `[${host}]` : host
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `cannot listen on ${host}:${port}: ${cause.message}`
      reject(new GatewayError('INVALID_CONFIG', message, {}, { cause }))
    })
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return `${name}:${typeof address === 'object' && address !== null ? address.port : port}`
}

function createBoundServer(options: ListenerOptions, limits: RequestLimits, onRequest: RequestListener) {
  const http = {
    requestTimeout: limits.requestMs,
    headersTimeout: limits.headersMs,
    connectionsCheckingInterval: limits.checkMs,
    maxHeaderSize: limits.headerBytes,
  }
  const server =
    options.tls === undefined
      ? createServer(http, onRequest)
      : createTlsServer(
          {
            ...http,
            ...secureContext(options.tls, options),
            handshakeTimeout: limits.handshakeMs,
            ALPNProtocols: ['http/1.1'],
            // Everybody may come without; `authn` judges the certificate of those who come with one, for each request.
            requestCert: options.deviceAuthorities !== undefined,
            rejectUnauthorized: false,
          },
          onRequest,
        )
  // Longer than balancers keep idle connections, so that it is never we who close one that is about to be used.
  server.keepAliveTimeout = 75_000
  server.timeout = limits.idleMs
  // One more than is allowed: Node leaves out the rest without a word.
  server.maxHeadersCount = limits.headers + 1
  return server
}

function secureContext(
  { cert, key }: ServedTls,
  { deviceAuthorities }: ListenerOptions,
): SecureContextOptions {
  return {
    cert,
    key,
    minVersion: 'TLSv1.2',
    ciphers,
    honorCipherOrder: true,
    // These alone, not those of the system; browsers are told them, and ask nobody who has no certificate of theirs.
    ...(deviceAuthorities !== undefined && {
      ca: deviceAuthorities,
      // No resumption: each connection shows its certificate and proves to hold the key.
      secureOptions: constants.SSL_OP_NO_TICKET,
    }),
  }
}

/** Refuses what no client of ours sends, with a bare status as Node itself does, and ends the connection. */
function boundRequests(limits: RequestLimits, handler: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, number>()
  return (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    const count = (waiting.get(socket) ?? 0) + 1
    if (count > limits.pipelined) {
      socket.destroy()
      return
    }
    waiting.set(socket, count)
    response.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1))
    const isLong = (request.url ?? '').length > limits.urlLength
    const refused = isLong ? 414 : request.rawHeaders.length > 2 * limits.headers ? 431 : undefined
    if (refused === undefined) handler(request, response)
    else response.writeHead(refused, { Connection: 'close' }).end()
  }
}
