/** @module Webhooks as the page reads, tests and rotates them; a webhook is a resource, its secret is not part of it. */
import { queryOptions } from '@tanstack/react-query'
import type { WebhookAnswer, WebhookRotateAnswer, WebhookTestAnswer } from '../../api/contract.js'
import { apiPaths } from '../path-builder.js'
import { getJson, sendJson } from './client.js'

export const webhookQuery = (name: string) =>
  queryOptions({
    queryKey: ['webhooks', name],
    queryFn: ({ signal }) => getJson<WebhookAnswer>(apiPaths.webhook(name), signal),
    refetchInterval: 5000,
  })

export function testWebhook(name: string): Promise<WebhookTestAnswer> {
  return sendJson<WebhookTestAnswer>('POST', apiPaths.webhookTest(name))
}

export function rotateWebhook(name: string): Promise<WebhookRotateAnswer> {
  return sendJson<WebhookRotateAnswer>('POST', apiPaths.webhookRotate(name))
}
