/**
 * @module The command line's side of a sign-in through the browser (RFC 8252 7.3): a listener on 127.0.0.1, on a port
 * that the system chooses, open until the one answer that carries our state has come. Whatever else knocks is turned
 * away and ends nothing, for any page and program on this machine can knock.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { DurationMs } from '../core/time.js'
import { minute } from '../core/time.js'
import { GatewayError } from '../core/error.js'

export interface LoopbackListener extends AsyncDisposable {
  readonly port: number
  /**
   * Waits for the browser and hands its code to `redeem`; the browser is told how that went, and as whom. Answers what
   * `redeem` answers.
   * @throws GatewayError `SIGN_IN_FAILED` when the person refuses or nobody comes in time, and whatever `redeem` throws.
   */
  redeemCode<T extends { readonly user: string }>(redeem: (code: string) => Promise<T>): Promise<T>
}

/** `state` is ours and unguessable: only what carries it comes from the page that we opened (RFC 6749 10.12). */
export async function listenOnLoopback(
  state: string,
  { timeoutMs = 5 * minute }: { readonly timeoutMs?: DurationMs } = {},
): Promise<LoopbackListener> {
  let onCode: ((code: string | undefined, response: ServerResponse) => void) | undefined
  const server = createServer((request, response) => {
    const answer = readCallback(request, state, port)
    if (answer === undefined || onCode === undefined) {
      sendPage(response, 404, 'Nothing here', 'This address only waits for one sign-in of a command line.')
      return
    }
    const take = onCode
    onCode = undefined
    take(answer.code, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    port,
    redeemCode: async (redeem) => {
      const { code, response } = await waitForCode((take) => (onCode = take), timeoutMs)
      try {
        if (code === undefined) {
          throw new GatewayError(
            'SIGN_IN_FAILED',
            'the sign-in was refused in the browser; nothing was signed in',
          )
        }
        const result = await redeem(code)
        sendPage(
          response,
          200,
          'The command line is signed in',
          `As ${result.user}. You can close this page and go back to it.`,
        )
        return result
      } catch (error) {
        sendPage(response, 400, 'The command line is not signed in', 'Go back to it: it says why.')
        throw error
      }
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      await closed
    },
  }
}

type Taken = { readonly code: string | undefined; readonly response: ServerResponse }

async function waitForCode(
  listen: (take: (code: string | undefined, response: ServerResponse) => void) => void,
  timeoutMs: DurationMs,
): Promise<Taken> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new GatewayError(
          'SIGN_IN_FAILED',
          `nobody signed in within ${Math.round(timeoutMs / minute)} minutes; run the command again`,
        ),
      )
    }, timeoutMs)
    listen((code, response) => {
      clearTimeout(timer)
      resolve({ code, response })
    })
  })
}

/**
 * What the page brought back: a code, or none where the person refused. Undefined for everything that is not the one
 * answer we wait for. The Host is checked because a name of somebody's domain may lead to this address (DNS rebinding).
 */
function readCallback(
  { method, url = '', headers: { host } }: IncomingMessage,
  state: string,
  port: number,
): { readonly code: string | undefined } | undefined {
  if (method !== 'GET' || host !== `127.0.0.1:${port}`) return undefined
  if (!URL.canParse(url, 'http://127.0.0.1')) return undefined
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1')
  const [given, ...more] = searchParams.getAll('state')
  if (pathname !== '/callback' || given === undefined || more.length > 0 || !equalText(given, state)) {
    return undefined
  }
  const code = searchParams.get('code')
  if (code !== null) return { code }
  return searchParams.has('error') ? { code: undefined } : undefined
}

function equalText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 32rem; margin: 20vh auto; padding: 0 1rem }
`
const styleHash = createHash('sha256').update(style).digest('base64')

/** Our own words alone, no script, and nothing of the address with its code goes on from here. */
function sendPage(response: ServerResponse, status: number, title: string, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  })
  response.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · Gatehouse</title>
<style>${style}</style>
<main><p><b>Gatehouse</b></p><h1>${title}</h1><p>${escapeText(text)}</p></main>
</html>
`)
}

/** The name of the person comes from the gateway: text, whatever it holds. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
