/** @module Webhooks: what became of their messages, a new secret, and a test. The webhook itself is a resource. */
import { z } from 'zod'

export const webhookDelivery = z.object({
  /** The `webhook-id` that the receiver saw. */
  id: z.string(),
  event: z.string(),
  createdAt: z.string(),
  state: z.enum(['waiting', 'sent', 'given_up']),
  attempts: z.number(),
  /** Of the last attempt that failed. */
  error: z.string().optional(),
  /** Of one that waits: when it is tried next. */
  nextAt: z.string().optional(),
  endedAt: z.string().optional(),
})
export type WebhookDelivery = z.infer<typeof webhookDelivery>

export const webhookItem = z.object({
  name: z.string(),
  description: z.string().optional(),
  url: z.string(),
  /** Absent: everything. */
  events: z.array(z.string()).optional(),
  /** Of requests for what, as one reads it; absent: of all. */
  about: z.string().optional(),
  /**
   * `new`: nothing was sent yet; `failing`: the last message was not taken; `gone`: the receiver answered 410;
   * `no_secret`: rotate it.
   */
  state: z.enum(['ok', 'new', 'failing', 'disabled', 'gone', 'no_secret']),
  waiting: z.number(),
  /** Within 30 days. */
  givenUp: z.number(),
  lastDelivery: webhookDelivery.optional(),
})
export type WebhookItem = z.infer<typeof webhookItem>
export const webhookListAnswer = z.object({ items: z.array(webhookItem) })

export const webhookAnswer = webhookItem.extend({
  /** The newest first. */
  deliveries: z.array(webhookDelivery),
  secrets: z.array(
    z.object({
      createdAt: z.string(),
      createdBy: z.string(),
      /** Until when it signs beside the newest. */
      endsAt: z.string().optional(),
    }),
  ),
})
export type WebhookAnswer = z.infer<typeof webhookAnswer>

export const webhookRotateAnswer = z.object({
  name: z.string(),
  /** Shown this once. */
  secret: z.string(),
  /** Until when the one before signs too; absent where there was none. */
  oldEndsAt: z.string().optional(),
})
export type WebhookRotateAnswer = z.infer<typeof webhookRotateAnswer>

export const webhookTestAnswer = z.object({
  delivered: z.boolean(),
  /** Of the receiver's answer, where there was one. */
  status: z.number().optional(),
  error: z.string().optional(),
})
export type WebhookTestAnswer = z.infer<typeof webhookTestAnswer>
