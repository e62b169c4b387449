/**
 * @module The kind `webhook`: who else is told of access requests. Creating one makes its secret, which is shown once and
 * kept sealed; `service/webhooks/rotate-secret.ts` makes another. Deleting one withdraws what waits for it.
 */
import { resourceError } from '../../api/resource/parse.js'
import { describeItems, noteUnknownUnits } from '../../core/access-request/item-patterns.js'
import { isLoopbackUrl, maxWebhooks, webhookEvents, type Webhook } from '../../core/webhook/webhook.js'
import type { Sealer } from '../../keys/keys.js'
import type { Kind } from '../../service/resources/kind.js'
import {
  deleteWebhookState,
  makeWebhookSecret,
  readWebhookState,
  withSecret,
  writeWebhookState,
} from '../../service/webhooks/state.js'
import { parseWebhookDocument, webhookForm } from './form.js'

export interface WebhookKindDeps {
  /** Whether this machine itself may be told, for trials. */
  readonly allowHttpLoopback: boolean
  readonly sealer: Pick<Sealer, 'seal'>
}

const example = `kind: webhook
version: v1
metadata:
  name: chat
  description: Posts requests to the channel of the platform team.
spec:
  url: https://hooks.example.com/gatehouse
  events: [access_request.created, access_request.approved, access_request.denied]
`

export function createWebhookKind({ allowHttpLoopback, sealer }: WebhookKindDeps): Kind<Webhook> {
  return {
    name: 'webhook',
    plural: 'webhooks',
    title: 'webhook',
    aliases: ['hook'],
    description: 'An address that is told of access requests, in signed messages (Standard Webhooks).',
    versions: ['v1'],
    example,
    schema: webhookForm,
    parse: parseWebhookDocument,
    audit: { create: 'webhook.create', update: 'webhook.update', delete: 'webhook.delete' },
    // The host alone: the path of many receivers is as good as a password.
    auditFields: ({ url, events, items, isDisabled }) => ({
      host: new URL(url).host,
      events: [...(events ?? webhookEvents)],
      items: items === undefined ? undefined : describeItems(items),
      disabled: isDisabled,
    }),
    columns: [
      { key: 'host', title: 'Goes to', of: ({ url }) => new URL(url).host },
      { key: 'events', title: 'Told of', of: ({ events }) => events?.join(', ') ?? 'everything' },
      { key: 'items', title: 'For what', of: ({ items }) => (items ? describeItems(items) : 'any request') },
      { key: 'state', title: 'Sends', of: ({ isDisabled }) => (isDisabled ? 'no, disabled' : 'yes') },
    ],
    warn: ({ items }, catalog) => (items === undefined ? [] : noteUnknownUnits(items, catalog.inventory)),
    prepare: (document, { action, after, catalog }) => {
      if (after !== undefined && !allowHttpLoopback && isLoopbackUrl(new URL(after.url))) {
        const message =
          'leads to this machine itself, which only a gateway for trials may do (saml.allow_http_loopback)'
        throw resourceError('webhook', document, [{ path: 'spec.url', message }])
      }
      if (action === 'create' && catalog.parsed('webhook').size >= maxWebhooks) {
        const message = `there are ${maxWebhooks} webhooks already, and no more are kept`
        throw resourceError('webhook', document, [{ path: '', message }])
      }
      return Promise.resolve(document)
    },
    effects: async ({ action, name, authority, dryRun }, tx, context) => {
      switch (action) {
        case 'create': {
          if (authority.kind === 'system') {
            return { notes: [`Has no secret yet, and sends nothing: gatehouse webhooks rotate ${name}`] }
          }
          if (dryRun) return { notes: ['Makes a secret and shows it once.'] }
          const now = context.clock.now()
          const { random } = context
          const made = await makeWebhookSecret({ random, sealer }, name, { by: authority.name, now })
          await writeWebhookState(tx.notes, name, withSecret({ secrets: [] }, made.kept, now))
          return { secret: made.secret }
        }
        case 'update': {
          const { goneAt, ...state } = await readWebhookState(tx.notes, name)
          if (goneAt === undefined) return {}
          await writeWebhookState(tx.notes, name, state)
          return { notes: ['Its receiver had said that it is gone; it is told again.'] }
        }
        case 'delete':
          await deleteWebhookState(tx.notes, name)
          await tx.outbox.withdrawAll({ channel: 'webhook', to: name })
          return { notes: ['What waited to be sent is not sent; its secret is worth nothing from now on.'] }
      }
    },
  }
}
