/**
 * @module A webhook: an address that is told of what happens to access requests, and of which of it. What is sent, how it
 * is signed and when it is tried again is said by Standard Webhooks (https://www.standardwebhooks.com); the secret is no
 * part of it.
 */
import type { AccessRequest, TimelineEntry } from '../access-request/access-request.js'
import { coverItems, type ItemPatterns } from '../access-request/item-patterns.js'
import type { RequestWorld } from '../access-request/world.js'

/** Everything that is told, by the entry of a request's timeline that it tells of. */
export const webhookEvents = [
  'access_request.created',
  'access_request.reviewed',
  'access_request.approved',
  'access_request.denied',
  'access_request.promoted',
  'access_request.activated',
  'access_request.extended',
  'access_request.cancelled',
  'access_request.released',
  'access_request.revoked',
  'access_request.expired',
] as const satisfies readonly `access_request.${TimelineEntry['what']}`[]
export type WebhookEvent = (typeof webhookEvents)[number]

/** Sent by a test alone; nobody subscribes to it. */
export const pingEvent = 'gatehouse.ping'

export interface Webhook {
  readonly name: string
  readonly url: string
  /** Undefined: all, those too that later versions know. */
  readonly events: readonly WebhookEvent[] | undefined
  /** Also to addresses of private networks; never to link-local ones, where clouds keep credentials. */
  /** Of requests for any of these; undefined: of all. */
  readonly items: ItemPatterns | undefined
  readonly allowsPrivateNetwork: boolean
  readonly isDisabled: boolean
}

/** Each is told of each event, so that there are not more than somebody can look after. */
export const maxWebhooks = 50

/** Which entry of a timeline an event is about, as it is named outside. */
export function eventOf(what: TimelineEntry['what']): WebhookEvent {
  return `access_request.${what}`
}

export function wantsEvent({ events, isDisabled }: Webhook, event: WebhookEvent): boolean {
  return !isDisabled && (events === undefined || events.includes(event))
}

/** Whether it is told of this request: one item that it is about is enough, and the message tells of all. */
export function isAbout(
  { items }: Webhook,
  request: Pick<AccessRequest, 'items'>,
  world: RequestWorld,
): boolean {
  // Rather told once too often, by a former name of an account, than never.
  return items === undefined || request.items.some(coverItems(items, world, { formerNames: true }))
}

/** Names and addresses of this machine itself, as a URL writes them. */
const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

export function isLoopbackUrl({ hostname }: URL): boolean {
  return loopbackHosts.includes(hostname)
}

/** Why nothing can be sent to this address, if so. Whether a name leads somewhere else is seen when it is asked. */
export function findWebhookUrlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is no URL; write for example https://hooks.example.com/gatehouse'
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return 'must hold no user and no password'
  if (url.hash !== '') return 'must have no fragment: it would not be sent'
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackUrl(url))) return undefined
  return 'must begin with https://'
}
