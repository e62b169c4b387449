/**
 * @module A gateway at the boundary of the command line: it answers what it is told to, parsed by the contract first, and
 * remembers what it was asked. For what takes an AWS organisation in a certain state; the whole story is the demo's.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { runCommand, type CommandOptions, type CommandOutcome } from '../../support/command-line.js'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

type Answer = (asked: Asked) => unknown
/** Thrown by an answer: the status and the problem document. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }
}

export class AnsweringGateway implements AsyncDisposable {
  readonly asked: Asked[] = []
  readonly #answers = new Map<string, Answer>()
  readonly #server = createServer((request, response) => {
    void this.#answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(body === undefined ? '' : JSON.stringify(body))
    })
  })
  #url = ''

  static async open(): Promise<AnsweringGateway> {
    const gateway = new AnsweringGateway()
    gateway.#server.listen(0, '127.0.0.1')
    await once(gateway.#server, 'listening')
    const address = gateway.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('no port')
    gateway.#url = `http://127.0.0.1:${address.port}`
    return gateway
  }

  /** `GET /v1/x`, and what it is answered with, or a function of the request. */
  on(request: string, answer: unknown): this {
    this.#answers.set(request, typeof answer === 'function' ? (answer as Answer) : () => answer)
    return this
  }

  /** Bodies of what was sent to this address, in order. */
  bodies(request: string): unknown[] {
    return this.asked.filter(({ method, path }) => `${method} ${path}` === request).map(({ body }) => body)
  }

  async run(args: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> {
    const env = { GATEHOUSE_URL: this.#url, GATEHOUSE_TOKEN: 'ght_test', XDG_CONFIG_HOME: '/nonexistent' }
    return await runCommand(args, { ...options, env: { ...env, ...options.env } })
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body?: unknown }> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    const { pathname, searchParams } = new URL(request.url ?? '/', this.#url)
    const asked = {
      method: request.method ?? '',
      path: pathname,
      query: Object.fromEntries(searchParams),
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    }
    this.asked.push(asked)
    try {
      const answer = this.#answers.get(`${asked.method} ${asked.path}`)
      if (answer === undefined)
        throw new Refusal(404, 'NOT_FOUND', `nothing at ${asked.method} ${asked.path}`)
      const body = answer(asked)
      return body === undefined ? { status: 204 } : { status: 200, body }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { status, code, message } = error
      return { status, body: { type: 'about:blank', title: 'Refused', status, code, detail: message } }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
