/** @module The webhook that somebody named, for whoever may do what they ask with it. */
import { GatewayError } from '../../core/error.js'
import type { Webhook } from '../../core/webhook/webhook.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import type { ResourceDocument } from '../resources/kind.js'
import { assertMayOnResource } from '../resources/may.js'
import { shownDocument } from '../resources/present.js'

export type WebhookVerb = 'read' | 'update' | 'rotate'

/** @throws GatewayError `FORBIDDEN`; `NOT_FOUND` where there is none of this name, or none that can be read. */
export function findWebhook(
  { kinds }: Pick<ResourceDeps, 'kinds'>,
  view: CatalogView,
  { name, verb }: { readonly name: string; readonly verb: WebhookVerb },
  authority: Authority,
): Webhook {
  const document = webhookDocument({ kinds }, view, name)
  assertMayOnResource(authority, { resource: 'webhook', verb }, name, document)
  const webhook = view.webhook(name)
  if (webhook !== undefined) return webhook
  throw new GatewayError('NOT_FOUND', `there is no webhook named "${name.slice(0, 200)}"`, { name })
}

/** What conditions of rights are judged on; undefined where there is none of this name. */
export function webhookDocument(
  { kinds }: Pick<ResourceDeps, 'kinds'>,
  view: CatalogView,
  name: string,
): ResourceDocument | undefined {
  const parsed = view.parsed('webhook').get(name)
  return parsed && shownDocument(kinds.known.webhook, parsed, view)
}
