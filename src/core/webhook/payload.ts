/**
 * @module What a webhook is told of one happening of an access request: its kind, its time and the request as it stands,
 * in the words of `/v1/access-requests`. Receivers are told names: an administrator chose them. No secret is in it, and
 * nothing that would decide: the link opens the request, which wants a session.
 */
import type { AccessRequest, RequestItem, TimelineEntry } from '../access-request/access-request.js'
import { endOfOwnAccess } from '../access-request/grants.js'
import { formatDuration, formatInstant, type Instant } from '../time.js'
import { eventOf, pingEvent } from './webhook.js'

/** An item with the names of what it is. */
export interface ToldItem {
  readonly id: string
  readonly kind: RequestItem['asked']['kind']
  readonly name: string
  readonly account?: { readonly id: string; readonly name?: string | undefined } | undefined
  readonly permissionSet?: { readonly arn: string; readonly name?: string | undefined } | undefined
}

export interface RequestTold {
  readonly entry: TimelineEntry
  readonly request: AccessRequest
  /** In the order of the request. */
  readonly items: readonly ToldItem[]
  /** Who may decide on it now, the suggested ones first; none where nothing is to be decided. */
  readonly reviewers: readonly string[]
  /** Origin of the gateway. */
  readonly publicUrl: string
}

/** Items and reviewers beyond these are counted: a message stays a few kilobytes. */
const maxItems = 50
const maxReviewers = 50

/** The text that is signed and sent, the same at each attempt. */
export function writeRequestPayload({ entry, request, items, reviewers, publicUrl }: RequestTold): string {
  const { id, user, state, reason, durationMs, startAt, activatedAt, pendingUntil } = request
  const told = items.slice(0, maxItems).map(({ account, permissionSet, ...item }, place) => ({
    ...item,
    state: request.items[place]?.state,
    ...(account && { account: { id: account.id, name: account.name } }),
    ...(permissionSet && { permissionSet: { arn: permissionSet.arn, name: permissionSet.name } }),
  }))
  return JSON.stringify({
    type: eventOf(entry.what),
    timestamp: formatInstant(entry.at),
    data: {
      id,
      url: `${publicUrl}/requests/${encodeURIComponent(id)}`,
      state,
      requester: user,
      by: entry.by,
      ...(entry.says !== '' && { message: entry.says }),
      reason,
      items: told,
      itemCount: items.length,
      duration: formatDuration(durationMs),
      ...(state === 'pending' && {
        pendingUntil: formatInstant(pendingUntil),
        reviewers: reviewers.slice(0, maxReviewers),
        reviewerCount: reviewers.length,
      }),
      ...instants({ startAt, activatedAt, endsAt: endOfOwnAccess(request) }),
      ...(request.extends !== undefined && { extends: request.extends.request }),
      ...(request.promotedTo !== undefined && { promotedTo: { ...request.promotedTo } }),
    },
  })
}

/** What a test sends. */
export function writePing(name: string, by: string, now: Instant): string {
  const message = 'A test of this webhook. Nothing has happened.'
  return JSON.stringify({
    type: pingEvent,
    timestamp: formatInstant(now),
    data: { webhook: name, by, message },
  })
}

function instants(given: Readonly<Record<string, Instant | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, at]) => (at === undefined ? [] : [[key, formatInstant(at)]])),
  )
}
