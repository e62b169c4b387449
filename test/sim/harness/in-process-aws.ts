/**
 * AWS within the process: the emulator's own application, asked without sockets by the official SDK and by SCIM. Calls
 * take some time of the virtual clock on their way there and back, by the seed, so that they overlap and overtake each
 * other; what is sent by a process that dies may still arrive.
 */
import { createServer, IncomingMessage, request as httpRequest, type RequestListener } from 'node:http'
import inject, { type InjectOptions, type Response as Injected } from 'light-my-request'
import type { AwsRequestHandler } from '../../../src/aws/connection.js'
import { EmulatorContext } from '../../../src/emulator/context.js'
import type { Prng } from '../../../src/emulator/prng.js'
import { createEmulatorApp } from '../../../src/emulator/server.js'
import type { Settings } from '../../../src/emulator/settings.js'
import { seededRandom } from '../../../src/emulator/seeded-random.js'
import type { Organisation } from '../../../src/emulator/state/organisation.js'
import { createLogger } from '../../../src/lib/logger.js'
import type { Fetch } from '../../../src/scim/client/transport.js'
import { never } from './process.js'
import type { Life, Scheduler } from './scheduler.js'

export const awsUrl = 'http://127.0.0.1:4599'

export interface SimAwsOptions {
  readonly organisation: Organisation
  readonly settings?: Partial<Settings>
  readonly scheduler: Scheduler
  readonly prng: Prng
  readonly seed: number
  /** The longest way of a call in one direction. */
  readonly longestWayMs?: number
}

interface Request {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
}

interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer
}

export class SimAws {
  readonly context: EmulatorContext
  /** One line for each call that arrived: two runs of a seed have the same. */
  readonly trace: string[] = []
  readonly #app: RequestListener
  readonly #options: SimAwsOptions
  #port: number | undefined

  constructor(options: SimAwsOptions) {
    const { organisation, settings, scheduler, seed } = options
    this.#options = options
    this.context = new EmulatorContext(organisation, {
      clock: scheduler.clock,
      random: seededRandom(seed),
      logger: createLogger('silent'),
      publicUrl: awsUrl,
      settings: settings ?? {},
    })
    this.#app = createEmulatorApp(this.context)
  }

  /** For the clients of the SDK of one process. */
  requestHandlerFor(life: Life): AwsRequestHandler {
    return {
      handle: async (request: HttpRequestLike, { abortSignal }: HandlerOptionsLike = {}) => {
        const { method, path, query = {}, headers } = request
        const search = new URLSearchParams(
          Object.entries(query).map(([name, value]) => [name, String(value)]),
        )
        const answer = await this.#call(
          life,
          {
            method,
            path: search.size === 0 ? path : `${path}?${search.toString()}`,
            headers,
            body: bodyOf(request.body),
          },
          abortSignal,
        )
        return { response: { statusCode: answer.status, headers: answer.headers, body: answer.body } }
      },
    }
  }

  /** For the SCIM client of one process. */
  fetchFor(life: Life): Fetch {
    return async (url, init) => {
      const { pathname, search } = new URL(url)
      const headers = Object.fromEntries(new Headers(init.headers))
      const body = typeof init.body === 'string' ? init.body : undefined
      const request = { method: init.method ?? 'GET', path: `${pathname}${search}`, headers, body }
      const answer = await this.#call(life, request, init.signal ?? undefined)
      const isEmpty = answer.status === 204 || answer.status === 304
      // Own bytes: a Response takes no buffer that it might share.
      return new Response(isEmpty ? null : Uint8Array.from(answer.body), {
        status: answer.status,
        headers: answer.headers,
      })
    }
  }

  async #call(life: Life, request: Request, signal: AbortSignal | undefined): Promise<Answer> {
    const { scheduler, prng, longestWayMs = 120 } = this.#options
    const [there, back] = [prng.below(longestWayMs), prng.below(longestWayMs)]
    if (!life.isAlive) return await never()
    signal?.throwIfAborted()
    const arrived = this.#afterWay(there, request)
    const answered = arrived.then(async (result) => {
      await scheduler.sleep(life, back)
      return result
    })
    const result = await raceAbort(answered, signal)
    await life.goOn?.()
    if (!life.isAlive) return await never()
    if (result instanceof Error) throw result
    return result
  }

  /** The call itself is nobody's any more once it was sent: it arrives also where its sender died or gave up. */
  async #afterWay(ms: number, request: Request): Promise<Answer | Error> {
    const { scheduler } = this.#options
    await scheduler.sleep({ isAlive: true }, ms)
    return await scheduler.track(async () => {
      const answer = await this.#dispatch(request)
      const name = request.headers['x-amz-target'] ?? `${request.method} ${request.path.slice(0, 60)}`
      const outcome = answer instanceof Error ? answer.message : String(answer.status)
      this.trace.push(`${scheduler.clock.now()} ${name} ${outcome}`)
      return answer
    })
  }

  /** From now on calls arrive through sockets, until it is disposed of. */
  async listen(): Promise<AsyncDisposable> {
    const server = createServer(this.#app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    this.#port = typeof address === 'object' ? address?.port : undefined
    return {
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      },
    }
  }

  async #send(port: number, { method, path, headers, body }: Request): Promise<Answer | Error> {
    return await new Promise((resolve) => {
      const fail = (): void => resolve(connectionReset())
      const to = { host: '127.0.0.1', port, method, path, headers: { ...headers, host: '127.0.0.1' } }
      const sent = httpRequest(to, (res) => {
        const parts: Buffer[] = []
        res.on('data', (part: Buffer) => parts.push(part))
        res.on('error', fail)
        res.on('end', () => {
          const plain = Object.entries(res.headers).map(([name, value]) => [name, String(value)] as const)
          resolve({
            status: res.statusCode ?? 0,
            headers: Object.fromEntries(plain),
            body: Buffer.concat(parts),
          })
        })
      })
      sent.on('error', fail)
      sent.end(body === undefined ? undefined : toBuffer(body))
    })
  }

  async #dispatch(request: Request): Promise<Answer | Error> {
    if (this.#port !== undefined) return await this.#send(this.#port, request)
    const { method, path, headers, body } = request
    const options: InjectOptions = {
      method,
      url: path,
      headers: { ...headers, host: '127.0.0.1' },
      ...(body !== undefined && { payload: toBuffer(body) }),
      // express gives its requests this prototype.
      Request: IncomingMessage,
    }
    return await new Promise((resolve) => {
      const reset = (): void => resolve(connectionReset())
      inject((req, res) => {
        Object.assign(req.socket, { resetAndDestroy: reset })
        // express gives the answer a prototype of its own, and what takes the body down would be lost with the old one.
        const { writeHead, write, end, destroy } = res
        Object.assign(res, { writeHead, write, end, destroy })
        this.#app(req, res)
      }, options).then((answer) => resolve(toAnswer(answer)), reset)
    })
  }
}

function toAnswer({ statusCode, headers, rawPayload }: Injected): Answer {
  const plain = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
  return { status: statusCode, headers: Object.fromEntries(plain), body: rawPayload }
}

function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
}

async function raceAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work
  return await new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }))
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** What the SDK hands to a handler, as far as it is looked at here. */
interface HttpRequestLike {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

interface HandlerOptionsLike {
  readonly abortSignal?: AbortSignal
}

/** Bytes of the SDK warn where anybody looks at them as at a text, which `Buffer.from` does. */
function toBuffer(body: string | Uint8Array): Buffer {
  if (typeof body === 'string') return Buffer.from(body)
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

function bodyOf(body: unknown): string | Uint8Array | undefined {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  throw new TypeError('the SDK sent a stream')
}
