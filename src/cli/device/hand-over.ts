/**
 * @module The device's end of a hand-over (RFC 8252 7.3): a listener on 127.0.0.1 that waits for one browser with a
 * ticket, holds it while the person at the terminal is asked, and sends it back to the gateway that this command line is
 * signed in to. Where it sends the browser is never for the browser to say.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { GatewayError } from '../../core/error.js'
import { minute, type DurationMs } from '../../core/time.js'

export interface HandOver {
  readonly ticket: string
  readonly handle: string
  /** Sends the browser on. */
  readonly goTo: (url: string) => void
  /** Tells the browser that nothing comes of it. */
  readonly turnAway: (words: string) => void
}

export interface HandOverListener extends AsyncDisposable {
  readonly port: number
  /** @throws GatewayError `SIGN_IN_FAILED` when no browser comes in time. */
  next(): Promise<HandOver>
}

/** @throws GatewayError `UNAVAILABLE` where the port is taken. */
export async function listenForHandOver(
  port: number,
  { timeoutMs = 5 * minute }: { readonly timeoutMs?: DurationMs } = {},
): Promise<HandOverListener> {
  let take: ((handOver: HandOver) => void) | undefined
  const waiting: HandOver[] = []
  const answered: Promise<unknown>[] = []
  const server = createServer((request, response) => {
    const brought = read(request, portOf(server))
    if (brought === undefined) {
      turnAway(response, 404, 'Nothing here: this address waits for sign-ins that this device vouches for.')
      return
    }
    answered.push(once(response, 'close'))
    const handOver = {
      ...brought,
      goTo: (url: string) => {
        response.writeHead(303, { ...headers, Location: url })
        response.end()
      },
      turnAway: (words: string) => turnAway(response, 400, words),
    }
    if (take === undefined) waiting.push(handOver)
    else take(handOver)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new GatewayError(
          'UNAVAILABLE',
          `cannot listen on 127.0.0.1:${port}; is another "gatehouse device confirm" running? Choose another with --port`,
          {},
          { cause },
        ),
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: portOf(server),
    next: async () =>
      await new Promise<HandOver>((resolve, reject) => {
        const first = waiting.shift()
        if (first !== undefined) {
          resolve(first)
          return
        }
        const timer = setTimeout(() => {
          const minutes = Math.round(timeoutMs / minute)
          const words = `no browser came within ${minutes} minutes; run the command again`
          reject(new GatewayError('SIGN_IN_FAILED', words))
        }, timeoutMs)
        take = (handOver) => {
          clearTimeout(timer)
          take = undefined
          resolve(handOver)
        }
      }),
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const left of waiting) left.turnAway('This device is busy no more; start again.')
      // What was answered goes out first; then those that browsers open ahead and never use must not keep us.
      await Promise.all(answered)
      server.closeAllConnections()
      await closed
    },
  }
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The Host is checked because a name of somebody's domain may lead to this address (DNS rebinding). */
function read(
  { method, url = '', headers: { host } }: IncomingMessage,
  port: number,
): Pick<HandOver, 'ticket' | 'handle'> | undefined {
  if (method !== 'GET' || host !== `127.0.0.1:${port}` || !URL.canParse(url, 'http://127.0.0.1'))
    return undefined
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1')
  const ticket = searchParams.get('ticket') ?? ''
  const handle = searchParams.get('handle') ?? ''
  const form = /^[\w-]{20,200}$/
  return pathname === '/device' && form.test(ticket) && form.test(handle) ? { ticket, handle } : undefined
}

const headers = { 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', Connection: 'close' }

/** Our own words alone, as text. */
function turnAway(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(`${words}\n`)
}
