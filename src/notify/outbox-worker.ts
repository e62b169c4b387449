/**
 * @module Sends what waits in the outbox: claims some, sends one after the other, and marks what became of each. A process
 * that ends between sending and marking sends the mail again once its claim has ended: at least once, and the same
 * Message-ID lets receivers see that it is the same. Whatever else happens a mail is tried until it is sent, refused for
 * good, or no longer worth sending.
 */
import { hour, minute, second, type Instant } from '../core/time.js'
import type { Logger } from '../lib/logger.js'
import { withTimeLimit, TimeOver } from '../lib/time-limit.js'
import type { Timers } from '../lib/timers.js'
import type { OutboxMessage, OutboxStore } from '../store/store.js'
import type { Delivery, Mailer } from './mailer.js'

export interface OutboxWorkerOptions {
  readonly outbox: OutboxStore
  readonly mailer: Mailer
  readonly timers: Timers
  readonly logger: Logger
}

const claimMs = 10 * minute
const claimed = 10
/** For one mail, whatever the server does; {@link claimed} of them end before the claim does. */
const sendMs = 50 * second
/** Others write mail, too, and wake only their own worker. */
const idleMs = minute

export class OutboxWorker implements AsyncDisposable {
  readonly #options: OutboxWorkerOptions
  readonly #stop = new AbortController()
  #asleep: AbortController | undefined
  #woken = false
  #running: Promise<void> | undefined

  constructor(options: OutboxWorkerOptions) {
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
    this.#stop.abort()
    this.#asleep?.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { outbox, timers, logger } = this.#options
    while (!this.#stop.signal.aborted) {
      this.#woken = false
      let wait = idleMs
      try {
        const { isDown } = await sendWaiting(this.#options, this.#stop.signal)
        const nextAt = await outbox.nextAt()
        if (nextAt !== undefined && !isDown) wait = Math.min(idleMs, Math.max(second, nextAt - timers.now()))
      } catch (error) {
        logger.error({ err: error }, 'mail could not be sent; the next time tries again')
      }
      if (this.#woken) continue
      this.#asleep = new AbortController()
      if (this.#stop.signal.aborted) return
      await timers.sleep(wait, this.#asleep.signal).catch(() => undefined)
      this.#asleep = undefined
    }
  }
}

/** Sends everything that is due, until the server takes nothing; answers how many were sent. */
export async function sendWaiting(
  options: OutboxWorkerOptions,
  signal?: AbortSignal,
): Promise<{ readonly sent: number; readonly isDown: boolean }> {
  const { outbox, timers } = options
  let sent = 0
  for (;;) {
    const now = timers.now()
    const messages = await outbox.claim({ now, until: now + claimMs, limit: claimed })
    // Where the server takes nothing, each of the others would only wait for the same answer.
    let down: Delivery | undefined
    for (const message of messages) {
      // What is claimed and not tried is free again when the claim ends.
      if (signal?.aborted === true) return { sent, isDown: false }
      const delivery = isOver(message, timers.now())
        ? over(message)
        : (down ?? (await attempt(options, message)))
      if (delivery.outcome === 'unavailable') down = delivery
      await mark(options, message, delivery)
      if (delivery.outcome === 'sent') sent++
    }
    const isDown = down !== undefined
    if (messages.length < claimed || isDown) return { sent, isDown }
  }
}

async function attempt({ mailer, timers }: OutboxWorkerOptions, message: OutboxMessage): Promise<Delivery> {
  try {
    return await withTimeLimit(timers, sendMs, undefined, async () => await mailer.send(message))
  } catch (error) {
    if (error instanceof TimeOver) return { outcome: 'unavailable', error: 'the mail server took too long' }
    throw error
  }
}

async function mark(
  { outbox, timers, logger }: OutboxWorkerOptions,
  message: OutboxMessage,
  delivery: Delivery,
): Promise<void> {
  const { id, attempts } = message
  const at = timers.now()
  if (delivery.outcome === 'sent') {
    await outbox.markSent(id, at)
    return
  }
  const { outcome, error } = delivery
  const next = at + backOffMs(attempts)
  const notBefore = outcome === 'refused' || next >= message.expiresAt ? undefined : next
  await outbox.markFailed(id, { error, at, notBefore })
  // No address: whom mail is for is in the outbox, not in logs.
  if (notBefore === undefined) logger.error({ message: id, error, attempts }, 'a mail was given up')
  else logger.warn({ message: id, error, attempts }, 'a mail was not sent; it is tried again')
}

/** 1, 2, 4 … minutes, at most 6 hours; `attempts` counts the one that failed. */
export function backOffMs(attempts: number): number {
  return Math.min(6 * hour, minute * 2 ** Math.min(Math.max(attempts - 1, 0), 20))
}

function isOver({ expiresAt }: OutboxMessage, now: Instant): boolean {
  return now >= expiresAt
}

function over({ lastError }: OutboxMessage): Delivery {
  const why = lastError === undefined ? '' : `; the last attempt: ${lastError}`
  return { outcome: 'refused', error: `it was not sent in time${why}` }
}
