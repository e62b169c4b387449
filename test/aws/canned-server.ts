/**
 * A server on loopback that answers what a test tells it, for answers that AWS would never give: adapters must not
 * trust them.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  /** Last part of `X-Amz-Target`; empty for other protocols. */
  readonly operation: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Answering = (asked: Asked, res: ServerResponse) => void

export class CannedServer implements AsyncDisposable {
  readonly asked: Asked[] = []
  readonly url: string
  readonly #server: Server
  answer: Answering

  private constructor(server: Server, answer: Answering) {
    this.#server = server
    this.answer = answer
    // A server that listens on TCP has an address.
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (req, res) => void this.#receive(req, res))
  }

  static async start(answer: Answering = (_asked, res) => json(res, {})): Promise<CannedServer> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new CannedServer(server, answer)
  }

  async #receive(req: IncomingMessage, res: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of req) body += String(chunk)
    const target = req.headers['x-amz-target']
    const asked = {
      method: req.method ?? '',
      path: req.url ?? '',
      operation: typeof target === 'string' ? (target.split('.')[1] ?? '') : '',
      headers: req.headers,
      body,
    }
    this.asked.push(asked)
    this.answer(asked, res)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

export function json(
  res: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}
