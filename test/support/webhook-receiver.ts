/**
 * A receiver of webhooks over real HTTP. It checks what it is sent as the text of Standard Webhooks says
 * (https://www.standardwebhooks.com): written from that text, and from nothing of ours.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'

export interface Received {
  readonly id: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly payload: {
    readonly type: string
    readonly timestamp: string
    readonly data: Record<string, unknown>
  }
}

/** Either a status, or nothing at all for as long as the connection is open. */
export type Behaviour = number | 'silent'

export class WebhookReceiver implements AsyncDisposable {
  readonly #server: Server
  readonly received: Received[] = []
  /** What the next ones are answered; 204 behind them. */
  readonly answers: Behaviour[] = []
  location = '/elsewhere'
  readonly #watching = new Set<() => void>()

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8')
        const { headers } = request
        const payload = JSON.parse(body) as Received['payload']
        this.received.push({ id: String(headers['webhook-id']), headers, body, payload })
        const answer = this.answers.shift() ?? 204
        if (answer !== 'silent') {
          // A body that nobody wants, and that has no end in sight.
          response.writeHead(answer, answer >= 300 && answer < 400 ? { location: this.location } : {})
          response.end(answer === 204 ? undefined : 'x'.repeat(100_000))
        }
        for (const seen of this.#watching) seen()
      })
    })
  }

  static async open(port = 0): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver()
    await new Promise<void>((resolve) => receiver.#server.listen(port, '127.0.0.1', resolve))
    return receiver
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`
  }

  get types(): string[] {
    return this.received.map(({ payload }) => payload.type)
  }

  /** Waits until so many have come. */
  async until(count: number): Promise<readonly Received[]> {
    while (this.received.length < count) {
      await new Promise<void>((resolve) => {
        const seen = () => {
          this.#watching.delete(seen)
          resolve()
        }
        this.#watching.add(seen)
      })
    }
    return this.received
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

const toleranceS = 5 * 60

/** Whether somebody who knows `secret` may believe it at `nowMs`. */
export function verifies(secret: string, { headers, body }: Received, nowMs: number): boolean {
  const id = headers['webhook-id']
  const timestamp = headers['webhook-timestamp']
  const signatures = headers['webhook-signature']
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false
  if (!secret.startsWith('whsec_') || !/^\d+$/.test(timestamp)) return false
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > toleranceS) return false
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
  return signatures.split(' ').some((one) => {
    const [version, signature = ''] = one.split(',')
    const given = Buffer.from(signature, 'base64')
    return version === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted)
  })
}
