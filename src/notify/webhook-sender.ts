/**
 * @module Posts one signed message to a webhook, and says what became of it. Any status of 200 to 299 is success; the
 * answer is not read. No redirect is followed, and no address is reached that is not public, unless the webhook allows
 * private networks; link-local ones never. Neither address nor secret nor body is in what it answers.
 */
import { second } from '../core/time.js'
import { EgressError } from '../lib/egress.js'
import type { GuardedFetch } from '../lib/guarded-fetch.js'
import { TimeOver, withTimeLimit } from '../lib/time-limit.js'
import type { Timers } from '../lib/timers.js'
import { signWebhook } from './sign-webhook.js'

export interface WebhookEndpoint {
  readonly url: string
  /** Those that sign, the newest first. */
  readonly secrets: readonly string[]
  readonly allowsPrivateNetwork: boolean
}

export interface WebhookMessage {
  readonly id: string
  /** JSON, the same at each attempt. */
  readonly body: string
}

/** `gone`: the receiver wants nothing any more, ever. `failed`: this time. */
export type WebhookOutcome =
  | { readonly outcome: 'sent'; readonly status: number }
  | { readonly outcome: 'gone' | 'failed'; readonly status?: number; readonly error: string }

export interface WebhookSender {
  /** @throws the reason of `signal` once that is aborted; what became of the message then is not known. */
  send(endpoint: WebhookEndpoint, message: WebhookMessage, signal?: AbortSignal): Promise<WebhookOutcome>
}

export interface WebhookSenderOptions {
  /** By where they may go. */
  readonly fetch: { readonly public: GuardedFetch; readonly private: GuardedFetch }
  readonly timers: Timers
}

/** From the look-up of the name to the head of the answer; the standard advises 15 to 30 seconds. */
export const webhookTimeoutMs = 15 * second

export function createWebhookSender({ fetch, timers }: WebhookSenderOptions): WebhookSender {
  return {
    send: async ({ url, secrets, allowsPrivateNetwork }, { id, body }, signal) => {
      const timestamp = Math.floor(timers.now() / second)
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'Gatehouse-Webhooks',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signWebhook(secrets, { id, timestamp, body }),
      }
      const post = fetch[allowsPrivateNetwork ? 'private' : 'public']
      try {
        return await withTimeLimit(timers, webhookTimeoutMs, signal, async (within) => {
          const answer = await post(url, { method: 'POST', headers, body, signal: within })
          await answer.body?.cancel()
          return judge(answer.status)
        })
      } catch (error) {
        signal?.throwIfAborted()
        return { outcome: 'failed', error: explain(error) }
      }
    },
  }
}

function judge(status: number): WebhookOutcome {
  if (status >= 200 && status < 300) return { outcome: 'sent', status }
  if (status === 410) {
    return { outcome: 'gone', status, error: 'the receiver answered 410: it wants nothing any more' }
  }
  const redirects = status >= 300 && status < 400 ? ', and redirects are not followed' : ''
  return { outcome: 'failed', status, error: `the receiver answered ${status}${redirects}` }
}

function explain(error: unknown): string {
  if (error instanceof TimeOver) return 'the receiver did not answer in time'
  if (error instanceof EgressError) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return `the receiver cannot be reached (${/^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : 'no connection'})`
}
