/**
 * @module Plain HTTP beside TLS: it answers with the way to the public URL and nothing else. Whoever sends anything here
 * has sent it in the clear, so only a request for a page is led on.
 */
import { createServer } from 'node:http'
import type { ListenAddress } from '../config/rules.js'
import { limitConnections, type ConnectionLimits } from './connection-limits.js'
import { bind } from './listener.js'

export interface RedirectListener extends AsyncDisposable {
  readonly url: string
}

/** 308 (RFC 9110 15.4.9) for GET and HEAD. @throws GatewayError `INVALID_CONFIG` where the address is taken. */
export async function listenForRedirects(
  address: ListenAddress,
  publicUrl: string,
  connections: ConnectionLimits,
): Promise<RedirectListener> {
  const server = createServer(
    {
      requestTimeout: 10_000,
      headersTimeout: 5000,
      connectionsCheckingInterval: 2000,
      maxHeaderSize: 16_384,
    },
    (request, response) => {
      const { method, url = '' } = request
      response.setHeader('Connection', 'close')
      if (method !== 'GET' && method !== 'HEAD') {
        response.writeHead(405, { Allow: 'GET, HEAD' }).end()
      } else if (!url.startsWith('/')) {
        // A whole URL is for proxies (RFC 9112 3.2.2), and would lead wherever it says.
        response.writeHead(400).end()
      } else {
        response.writeHead(308, { Location: publicUrl + url }).end()
      }
    },
  )
  server.timeout = 10_000
  limitConnections(server, connections)
  const bound = await bind(server, address)
  return {
    url: `http://${bound}`,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
