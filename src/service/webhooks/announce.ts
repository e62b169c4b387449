/**
 * @module Tells webhooks what became of an access request: one message for each entry of its timeline, written into the
 * outbox in the transaction of the change, so that nobody hears of what did not happen, and once.
 */
import type { AccessRequest } from '../../core/access-request/access-request.js'
import type { Instant } from '../../core/time.js'
import { writeRequestPayload } from '../../core/webhook/payload.js'
import { webhookWorthMs } from '../../core/webhook/retry.js'
import { eventOf, isAbout, wantsEvent } from '../../core/webhook/webhook.js'
import type { OutboxMessage, StoreTransaction } from '../../store/store.js'
import { shownItem } from '../access-requests/shown-items.js'
import { listReviewers } from '../access-requests/who-may-review.js'
import { requestWorld } from '../access-requests/world.js'
import type { ServiceContext } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'

export type AnnounceDeps = Pick<ServiceContext, 'random' | 'publicUrl'>

/** `from`: how many entries of the timeline were told before. */
export async function announceStep(
  { random, publicUrl }: AnnounceDeps,
  {
    tx,
    view,
    now,
  }: {
    readonly tx: Pick<StoreTransaction, 'members' | 'outbox' | 'credentials' | 'passkeys'>
    readonly view: CatalogView
    readonly now: Instant
  },
  from: number,
  request: AccessRequest,
): Promise<void> {
  const entries = request.timeline.slice(from)
  const enabled = view.webhooks().filter(({ value }) => !value.isDisabled)
  if (enabled.length === 0 || entries.length === 0) return
  const world = requestWorld(view)
  const webhooks = enabled.filter(({ value }) => isAbout(value, request, world))
  if (webhooks.length === 0) return
  const items = request.items.map((item) => shownItem(item, { world }, true))
  const reviewers = request.state === 'pending' ? await listReviewers(tx, view, request, now) : []
  const messages = entries.flatMap((entry, place): OutboxMessage[] => {
    const told = webhooks.filter(({ value }) => wantsEvent(value, eventOf(entry.what)))
    if (told.length === 0) return []
    const text = writeRequestPayload({ entry, request, items, reviewers, publicUrl })
    return told.map(({ value: { name } }) => ({
      id: `msg_${random.uuid()}`,
      key: `webhook ${name} request ${request.id} ${from + place}`,
      channel: 'webhook',
      to: name,
      subject: eventOf(entry.what),
      text,
      html: '',
      createdAt: now,
      notBefore: now,
      expiresAt: now + webhookWorthMs,
      attempts: 0,
      lastError: undefined,
    }))
  })
  if (messages.length > 0) await tx.outbox.add(messages)
}
