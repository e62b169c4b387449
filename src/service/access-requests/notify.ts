/**
 * @module Tells people by mail what became of an access request: written into the outbox in the transaction of the change,
 * so that nobody hears of what did not happen. Only whom mail reaches and who is not locked is told; each once.
 */
import { createHash } from 'node:crypto'
import type { AccessRequest } from '../../core/access-request/access-request.js'
import { endNoticeAt, writeRequestMail, type RequestNotice } from '../../core/access-request/notice-mail.js'
import { day, type Instant } from '../../core/time.js'
import { mailAddressOf } from '../../core/user/mail-address.js'
import type { OutboxMessage, StoreTransaction } from '../../store/store.js'
import type { ServiceContext } from '../context.js'
import { locksOn } from '../locks/in-force.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { findRequester, findReviewer } from './people.js'
import { namesShownTo, shownItem } from './shown-items.js'
import { listReviewers } from './who-may-review.js'
import { requestWorld } from './world.js'

export type NotifyDeps = Pick<ServiceContext, 'random' | 'clusterName' | 'publicUrl' | 'sendsMail'>

interface Standing {
  readonly tx: Pick<StoreTransaction, 'members' | 'outbox' | 'credentials' | 'passkeys'>
  readonly view: CatalogView
  readonly now: Instant
}

/** Of those who may decide, the suggested ones first. */
const maxReviewers = 20
/** News are worth sending for so long. */
const worthMs = 7 * day

/** `before` undefined: it is new. Does nothing where no mail server is configured. */
export async function tellOfStep(
  deps: NotifyDeps,
  standing: Standing,
  before: AccessRequest | undefined,
  after: AccessRequest,
): Promise<void> {
  if (deps.sendsMail !== true) return
  const notices = [
    ...(await toReviewers(deps, standing, before, after)),
    ...(isNewsToRequester(before, after) ? await toRequester(deps, standing, after, 'decided') : []),
  ]
  await standing.tx.outbox.add(notices)
  await keepEndNotice(deps, standing, before, after)
}

async function toReviewers(
  deps: NotifyDeps,
  standing: Standing,
  before: AccessRequest | undefined,
  after: AccessRequest,
): Promise<OutboxMessage[]> {
  if (before === undefined) {
    return after.state === 'pending' ? await toEachReviewer(deps, standing, after, 'review') : []
  }
  if (before.state !== 'pending' || !settledByOthers.has(after.state)) return []
  return await toEachReviewer(deps, standing, after, 'settled')
}

/** Of what time or the requester ended reviewers need not hear: there is no question left, and nobody answered it. */
const settledByOthers: ReadonlySet<AccessRequest['state']> = new Set([
  'approved',
  'denied',
  'promoted',
  'revoked',
])

/** Whoever gave the last review, or revoked it, knows. */
async function toEachReviewer(
  deps: NotifyDeps,
  { tx, view, now }: Standing,
  request: AccessRequest,
  notice: 'review' | 'settled',
): Promise<OutboxMessage[]> {
  const by = request.timeline.findLast(({ what }) => what === request.state)?.by
  const world = requestWorld(view)
  const messages: OutboxMessage[] = []
  for (const name of await listReviewers(tx, view, request, now)) {
    if (messages.length >= maxReviewers) break
    const reviewer = await findReviewer(tx.members, view, name, now)
    const address = addressOf(view, name, now)
    if (name === by || address === undefined || reviewer === undefined) continue
    const sees = namesShownTo(reviewer, world)
    const items = request.items.map((item) => shownItem(item, { world }, sees(item.asked)).name)
    const expiresAt = notice === 'review' ? request.pendingUntil : now + worthMs
    messages.push(
      messageOf(deps, request, notice, { name, address, items }, { now, notBefore: now, expiresAt }),
    )
  }
  return messages
}

function isNewsToRequester(before: AccessRequest | undefined, after: AccessRequest): boolean {
  const was = before?.state ?? 'pending'
  if (was === after.state || after.state === 'cancelled') return false
  // The end of what was approved was told ahead, or came by their own hand.
  return after.state !== 'expired' || was === 'pending'
}

async function toRequester(
  deps: NotifyDeps,
  { tx, view, now }: Standing,
  request: AccessRequest,
  notice: 'decided' | 'ends',
  times: Times = { now, notBefore: now, expiresAt: now + worthMs },
): Promise<OutboxMessage[]> {
  const requester = await findRequester(tx.members, view, request.user, now)
  const address = requester === undefined || requester.isLocked ? undefined : mailAddressOf(requester.user)
  if (address === undefined) return []
  const world = requestWorld(view)
  const items = request.items.map((item) => shownItem(item, { world }, true).name)
  return [messageOf(deps, request, notice, { name: request.user, address, items }, times)]
}

/** The mail that tells of an end waits for its time from the start of access on, and goes where the end does. */
async function keepEndNotice(
  deps: NotifyDeps,
  standing: Standing,
  before: AccessRequest | undefined,
  after: AccessRequest,
): Promise<void> {
  const was = before && endNoticeAt(before)
  const at = endNoticeAt(after)
  if (was === at) return
  const { tx, now } = standing
  if (before !== undefined && was !== undefined) {
    await tx.outbox.withdraw([keyOf(before, 'ends', before.user)])
  }
  if (at === undefined || after.endsAt === undefined) return
  const times = { now, notBefore: Math.max(now, at), expiresAt: after.endsAt }
  await tx.outbox.add(await toRequester(deps, standing, after, 'ends', times))
}

function addressOf(view: CatalogView, name: string, now: Instant): string | undefined {
  const user = view.user(name)
  if (user === undefined || locksOn(view, { user }, now).length > 0) return undefined
  return mailAddressOf(user)
}

interface Times {
  readonly now: Instant
  readonly notBefore: Instant
  readonly expiresAt: Instant
}

interface Recipient {
  readonly name: string
  readonly address: string
  /** Names of the items as they may see them. */
  readonly items: readonly string[]
}

function messageOf(
  { random, publicUrl, clusterName }: NotifyDeps,
  request: AccessRequest,
  notice: RequestNotice,
  { name, address, items }: Recipient,
  { now, notBefore, expiresAt }: Times,
): OutboxMessage {
  return {
    id: random.uuid(),
    key: keyOf(request, notice, name),
    channel: 'mail',
    to: address,
    ...writeRequestMail(notice, request, { to: name, items, publicUrl, clusterName }),
    createdAt: now,
    notBefore,
    expiresAt,
    attempts: 0,
    lastError: undefined,
  }
}

/** A request is in each state once, and has each end once: the same is told once. */
function keyOf({ id, state, endsAt }: AccessRequest, notice: RequestNotice, name: string): string {
  const about = notice === 'ends' ? String(endsAt) : state
  const digest = createHash('sha256').update(name).digest('base64url')
  return `request ${id} ${notice} ${about} ${digest}`
}
