/**
 * @module Sends what waits for webhooks. Each has a line of its own, so that one that is slow or down keeps neither the
 * others nor mail waiting. A process that ends between sending and marking sends again once its claim has ended: at least
 * once, and the same `webhook-id` lets receivers see that it is the same. In which order messages arrive is not promised.
 */
import { retryDelayMs } from '../core/webhook/retry.js'
import { minute, second } from '../core/time.js'
import type { Logger } from '../lib/logger.js'
import type { Random } from '../lib/random.js'
import type { Timers } from '../lib/timers.js'
import type { OutboxMessage, OutboxStore } from '../store/store.js'
import type { WebhookEndpoint, WebhookSender } from './webhook-sender.js'

/** Where messages go now, or why nothing is sent there. */
export type FoundEndpoint = WebhookEndpoint | { readonly refused: string }

export interface WebhookWorkerOptions {
  readonly outbox: OutboxStore
  readonly sender: WebhookSender
  /** By the name of the webhook, as it is at this moment. */
  readonly findEndpoint: (name: string) => Promise<FoundEndpoint>
  /** The receiver said that it wants nothing any more. */
  readonly markGone: (name: string, error: string) => Promise<void>
  readonly timers: Timers
  readonly random: Random
  readonly logger: Logger
}

/** Longer than an attempt may take. */
const claimMs = minute
/** Other replicas write, too, and wake only their own worker. */
const idleMs = minute
const pauseMs = 5 * second

export class WebhookWorker implements AsyncDisposable {
  readonly #options: WebhookWorkerOptions
  readonly #stop = new AbortController()
  /** By name; what is woken for while a line is busy, it finds by itself. */
  readonly #lines = new Map<string, Promise<void>>()
  #asleep: AbortController | undefined
  #woken = false
  #running: Promise<void> | undefined

  constructor(options: WebhookWorkerOptions) {
    this.#options = options
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** There may be something to send. */
  wake(): void {
    this.#woken = true
    this.#asleep?.abort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('stopped'))
    this.#asleep?.abort()
    await this.#running
    await Promise.all(this.#lines.values())
  }

  async #run(): Promise<void> {
    const { timers, logger } = this.#options
    while (!this.#stop.signal.aborted) {
      this.#woken = false
      let wait = pauseMs
      try {
        await this.#startLines()
        wait = await this.#untilNext()
      } catch (error) {
        logger.error({ err: error }, 'webhooks could not be looked after; the next time tries again')
      }
      if (this.#woken) continue
      this.#asleep = new AbortController()
      if (this.#stop.signal.aborted) return
      await timers.sleep(wait, this.#asleep.signal).catch(() => undefined)
      this.#asleep = undefined
    }
  }

  async #startLines(): Promise<void> {
    const { outbox, timers, logger } = this.#options
    for (const name of await outbox.listDue('webhook', timers.now())) {
      if (this.#lines.has(name)) continue
      const line = sendLine(this.#options, name, this.#stop.signal)
        .then(() => undefined)
        .catch((error: unknown) => {
          if (this.#stop.signal.aborted) return
          logger.error({ err: error, webhook: name }, 'a webhook could not be looked after')
        })
        .finally(() => {
          this.#lines.delete(name)
          // What came while the line was ending, and when the next is due.
          this.wake()
        })
      this.#lines.set(name, line)
    }
  }

  async #untilNext(): Promise<number> {
    const { outbox, timers } = this.#options
    const nextAt = await outbox.nextAt({ channel: 'webhook' })
    // What is due is in a line, which wakes at its end.
    return nextAt === undefined ? idleMs : Math.min(idleMs, Math.max(second, nextAt - timers.now()))
  }
}

/** Sends what is due for one webhook, one after the other; answers how many were sent. */
export async function sendLine(
  options: WebhookWorkerOptions,
  name: string,
  signal?: AbortSignal,
): Promise<number> {
  const { outbox, timers } = options
  const line = { channel: 'webhook', to: name } as const
  for (let sent = 0; ;) {
    if (signal?.aborted === true) return sent
    const now = timers.now()
    const [message] = await outbox.claim({ line, now, until: now + claimMs, limit: 1 })
    if (message === undefined) return sent
    if (await sendOne(options, name, message, signal)) sent += 1
  }
}

async function sendOne(
  { outbox, sender, findEndpoint, markGone, timers, random, logger }: WebhookWorkerOptions,
  name: string,
  { id, text, attempts, expiresAt, lastError }: OutboxMessage,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const giveUp = async (error: string): Promise<false> => {
    await outbox.markFailed(id, { error, at: timers.now(), notBefore: undefined })
    logger.error({ message: id, webhook: name, error, attempts }, 'a message to a webhook was given up')
    return false
  }
  if (timers.now() >= expiresAt) {
    return await giveUp(
      `it was not taken in time${lastError === undefined ? '' : `; the last: ${lastError}`}`,
    )
  }
  const endpoint = await findEndpoint(name)
  if ('refused' in endpoint) return await giveUp(endpoint.refused)
  const delivery = await sender.send(endpoint, { id, body: text }, signal)
  if (delivery.outcome === 'sent') {
    await outbox.markSent(id, timers.now())
    return true
  }
  const { outcome, error } = delivery
  if (outcome === 'gone') {
    await markGone(name, error)
    return await giveUp(error)
  }
  const delay = retryDelayMs(attempts, random.bytes(1).readUInt8() / 255)
  if (delay === undefined) return await giveUp(error)
  const at = timers.now()
  await outbox.markFailed(id, { error, at, notBefore: at + delay })
  logger.warn({ message: id, webhook: name, error, attempts }, 'a webhook was not told; it is tried again')
  return false
}
