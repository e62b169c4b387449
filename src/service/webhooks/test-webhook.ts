/**
 * @module Sends a signed message of no meaning to a webhook at once, also to one that is disabled, and says what became of
 * it. Success has one told again whose receiver had said that it is gone.
 */
import type { WebhookTestAnswer } from '../../api/contract/webhooks.js'
import { writePing } from '../../core/webhook/payload.js'
import type { WebhookSender } from '../../notify/webhook-sender.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { limitPerson } from '../people/limits.js'
import { record, recordRefusal } from '../people/record.js'
import { findWebhookEndpoint } from './endpoint.js'
import { findWebhook } from './find-webhook.js'
import type { WebhookSecretDeps } from './rotate-secret.js'
import { readWebhookState, writeWebhookState } from './state.js'

export interface WebhookTestDeps extends WebhookSecretDeps {
  readonly webhookSender: WebhookSender
}

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `TOO_MANY_ATTEMPTS`. */
export async function testWebhook(
  deps: WebhookTestDeps,
  name: string,
  authority: Authority,
  origin: RequestOrigin,
): Promise<WebhookTestAnswer> {
  findWebhook(deps, await deps.catalog.read(), { name, verb: 'update' }, authority)
  await limitPerson(deps, 'webhook', authority.name)
  const endpoint = await findWebhookEndpoint(deps, name, 'disabled or gone')
  const facts = { event: 'webhook.test', user: authority.name } as const
  const failed = async (error: string) =>
    await recordRefusal(deps, { ...facts, fields: { name, error } }, origin)
  if ('refused' in endpoint) {
    await failed(endpoint.refused)
    return { delivered: false, error: endpoint.refused }
  }
  const body = writePing(name, authority.name, deps.clock.now())
  const delivery = await deps.webhookSender.send(endpoint, { id: `msg_${deps.random.uuid()}`, body })
  if (delivery.outcome === 'sent') {
    await deps.store.transaction(async (tx) => {
      const { goneAt, ...state } = await readWebhookState(tx.notes, name)
      if (goneAt !== undefined) await writeWebhookState(tx.notes, name, state)
      await record(deps, tx, { ...facts, success: true, fields: { name } }, origin)
    })
    return { delivered: true, status: delivery.status }
  }
  const { status, error } = delivery
  await failed(error)
  return { delivered: false, error, ...(status !== undefined && { status }) }
}
