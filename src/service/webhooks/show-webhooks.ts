/** @module Webhooks with what became of their messages: of all, and of one with its last messages and its secrets. */
import type { WebhookAnswer, WebhookDelivery, WebhookItem } from '../../api/contract/webhooks.js'
import { describeItems } from '../../core/access-request/item-patterns.js'
import { day, formatInstant, type Instant } from '../../core/time.js'
import type { Webhook } from '../../core/webhook/webhook.js'
import type { OutboxCount, OutboxDelivery } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { assertMayOnSome, mayOnResource } from '../resources/may.js'
import { findWebhook, webhookDocument } from './find-webhook.js'
import { readWebhookState, signingSecrets, type WebhookState } from './state.js'

const shownDeliveries = 20
/** What was given up is told of for so long. */
const givenUpMs = 30 * day

/** Those that this authority may list, by name. @throws GatewayError `FORBIDDEN` where it may list none. */
export async function listWebhooks(deps: ResourceDeps, authority: Authority): Promise<WebhookItem[]> {
  const right = { resource: 'webhook', verb: 'list' }
  assertMayOnSome(authority, right)
  const view = await deps.catalog.read()
  const items: WebhookItem[] = []
  for (const { value } of view.webhooks()) {
    const document = webhookDocument(deps, view, value.name)
    if (document === undefined || mayOnResource(authority, right, document).effect !== 'allow') continue
    items.push(toItem(deps, view, value, await loadFacts(deps, value.name, 1)))
  }
  return items
}

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`. */
export async function showWebhook(
  deps: ResourceDeps,
  name: string,
  authority: Authority,
): Promise<WebhookAnswer> {
  const view = await deps.catalog.read()
  const webhook = findWebhook(deps, view, { name, verb: 'read' }, authority)
  const facts = await loadFacts(deps, name, shownDeliveries)
  return {
    ...toItem(deps, view, webhook, facts),
    deliveries: facts.last.map(toDelivery),
    secrets: signingSecrets(facts.state, deps.clock.now()).map(({ createdAt, createdBy, endsAt }) => ({
      createdAt: formatInstant(createdAt),
      createdBy,
      ...(endsAt !== undefined && { endsAt: formatInstant(endsAt) }),
    })),
  }
}

interface Facts {
  readonly state: WebhookState
  readonly count: OutboxCount
  /** The newest first. */
  readonly last: readonly OutboxDelivery[]
}

async function loadFacts({ store, clock }: ResourceDeps, name: string, limit: number): Promise<Facts> {
  const line = { channel: 'webhook', to: name } as const
  const [state, count, last] = await Promise.all([
    readWebhookState(store.notes, name),
    store.outbox.count(clock.now() - givenUpMs, line),
    store.outbox.listLast(line, limit),
  ])
  return { state, count, last }
}

function toItem(
  deps: ResourceDeps,
  view: CatalogView,
  webhook: Webhook,
  { state, count, last }: Facts,
): WebhookItem {
  const { name, url, events, items } = webhook
  const description = webhookDocument(deps, view, name)?.metadata.description
  const [newest] = last
  return {
    name,
    ...(description !== undefined && { description }),
    url,
    ...(events !== undefined && { events: [...events] }),
    ...(items !== undefined && { about: describeItems(items) }),
    state: stateOf(webhook, state, newest, deps.clock.now()),
    waiting: count.waiting,
    givenUp: count.givenUp,
    ...(newest !== undefined && { lastDelivery: toDelivery(newest) }),
  }
}

function stateOf(
  { isDisabled }: Webhook,
  state: WebhookState,
  newest: OutboxDelivery | undefined,
  now: Instant,
): WebhookItem['state'] {
  if (isDisabled) return 'disabled'
  if (state.goneAt !== undefined) return 'gone'
  if (signingSecrets(state, now).length === 0) return 'no_secret'
  if (newest === undefined) return 'new'
  return newest.state !== 'sent' && newest.lastError !== undefined ? 'failing' : 'ok'
}

function toDelivery(delivery: OutboxDelivery): WebhookDelivery {
  const { id, subject, createdAt, state, attempts, lastError, nextAt, endedAt } = delivery
  return {
    id,
    event: subject,
    createdAt: formatInstant(createdAt),
    state,
    attempts,
    ...(lastError !== undefined && { error: lastError }),
    ...(nextAt !== undefined && { nextAt: formatInstant(nextAt) }),
    ...(endedAt !== undefined && { endedAt: formatInstant(endedAt) }),
  }
}
