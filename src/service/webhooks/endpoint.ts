/** @module Where the messages of a webhook go at this moment, with the secrets that sign them, or why none is sent. */
import type { Sealer } from '../../keys/keys.js'
import type { FoundEndpoint } from '../../notify/webhook-worker.js'
import type { ServiceContext } from '../context.js'
import type { Catalog } from '../resources/catalog.js'
import { readWebhookState, secretContext, signingSecrets } from './state.js'

export interface EndpointDeps extends Pick<ServiceContext, 'store' | 'clock'> {
  readonly catalog: Pick<Catalog, 'read'>
  readonly sealer: Sealer
}

/** `even`: also where nothing is sent now, for a test. */
export async function findWebhookEndpoint(
  { store, clock, catalog, sealer }: EndpointDeps,
  name: string,
  even?: 'disabled or gone',
): Promise<FoundEndpoint> {
  const webhook = (await catalog.read()).webhook(name)
  if (webhook === undefined) return { refused: 'the webhook was removed, or cannot be read' }
  if (webhook.isDisabled && even === undefined) return { refused: 'the webhook is disabled' }
  const state = await readWebhookState(store.notes, name)
  if (state.goneAt !== undefined && even === undefined) {
    return { refused: 'the receiver said that it wants nothing any more' }
  }
  const kept = signingSecrets(state, clock.now())
  if (kept.length === 0) return { refused: 'the webhook has no secret' }
  const secrets = await Promise.all(
    kept.map(async ({ id, sealed }) => await sealer.unseal(sealed, secretContext(name, id))),
  )
  const { url, allowsPrivateNetwork } = webhook
  return { url, allowsPrivateNetwork, secrets }
}
