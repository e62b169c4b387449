/**
 * @module Stops a webhook whose receiver answered 410 Gone, as the standard asks, and says so in the audit log. Its
 * document stays as somebody wrote it: whoever changes it, or tests it with success, has it told again. Failures of any
 * other kind stop nothing: each message is tried for a day, and the state of the webhook says so.
 */
import type { ServiceContext } from '../context.js'
import { record } from '../people/record.js'
import { readWebhookState, writeWebhookState } from './state.js'

export async function markWebhookGone(deps: ServiceContext, name: string, error: string): Promise<void> {
  await deps.store.transaction(async (tx) => {
    if ((await tx.resources.find('webhook', name)) === undefined) return
    const state = await readWebhookState(tx.notes, name)
    if (state.goneAt !== undefined) return
    await writeWebhookState(tx.notes, name, { ...state, goneAt: deps.clock.now() })
    const fields = { name, updated_by: 'system', error }
    await record(deps, tx, { event: 'webhook.gone', success: false, user: 'system', fields }, undefined)
  })
}
