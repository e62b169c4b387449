/**
 * @module Signatures of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body with the
 * bytes of a secret, one signature for each secret that is good, so that receivers can be given a new one without a gap.
 */
import { createHmac } from 'node:crypto'

export interface SignedContent {
  /** Stays the same for each attempt. */
  readonly id: string
  /** Of the attempt, in seconds: receivers refuse what was caught and is sent again later. */
  readonly timestamp: number
  readonly body: string
}

/** What begins a secret; base64 of its bytes follows. */
const prefix = 'whsec_'

/** The value of `webhook-signature`: a space between signatures, the newest secret first. */
export function signWebhook(secrets: readonly string[], { id, timestamp, body }: SignedContent): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(prefix.length), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
    })
    .join(' ')
}
