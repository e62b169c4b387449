/** @module A new secret for a webhook, shown once; the one before signs beside it for a day, older ones no more. */
import type { WebhookRotateAnswer } from '../../api/contract/webhooks.js'
import { formatInstant } from '../../core/time.js'
import type { Sealer } from '../../keys/keys.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { record } from '../people/record.js'
import type { ResourceDeps } from '../resources/deps.js'
import { findWebhook } from './find-webhook.js'
import { makeWebhookSecret, readWebhookState, withSecret, writeWebhookState } from './state.js'

export interface WebhookSecretDeps extends ResourceDeps {
  readonly sealer: Sealer
}

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`. */
export async function rotateWebhookSecret(
  deps: WebhookSecretDeps,
  name: string,
  authority: Authority,
  origin: RequestOrigin,
): Promise<WebhookRotateAnswer> {
  const verb = 'rotate'
  findWebhook(deps, await deps.catalog.read(), { name, verb }, authority)
  const now = deps.clock.now()
  const { secret, kept } = await makeWebhookSecret(deps, name, { by: authority.name, now })
  const oldEndsAt = await deps.store.transaction(async (tx) => {
    // Deleted meanwhile: a secret must not be there before a later webhook of this name.
    findWebhook(deps, await deps.catalog.readIn(tx), { name, verb }, authority)
    const state = withSecret(await readWebhookState(tx.notes, name), kept, now)
    await writeWebhookState(tx.notes, name, state)
    const [, old] = state.secrets
    const expires = old?.endsAt === undefined ? undefined : formatInstant(old.endsAt)
    const fields = { name, updated_by: authority.name, old_secret_expires: expires }
    await record(deps, tx, { event: 'webhook.rotate', success: true, user: authority.name, fields }, origin)
    return expires
  })
  return { name, secret, ...(oldEndsAt !== undefined && { oldEndsAt }) }
}
