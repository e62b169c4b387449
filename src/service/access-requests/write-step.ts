/**
 * @module Writes what a step made of a request: the row, and one audit event for each thing that happened, in the
 * transaction in which it was decided. What was approved and is due begins at once, with the same write.
 */
import { noteExtended } from '../../core/access-request/transition.js'
import type { AccessRequest, RequestReview, TimelineEntry } from '../../core/access-request/access-request.js'
import type { AuditFacts } from '../../core/audit/event.js'
import type { MfaMethod } from '../../core/mfa/proof.js'
import { formatInstant, type Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import { record } from '../people/record.js'
import { announceStep } from '../webhooks/announce.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { requestFacts } from './events.js'
import { tellOfStep, type NotifyDeps } from './notify.js'
import { passTimeWithin } from './pass-time.js'

export interface StepWrite {
  readonly tx: StoreTransaction
  readonly view: CatalogView
  readonly now: Instant
  readonly origin: RequestOrigin | undefined
  /** Who gave a second factor for it, and which. */
  readonly proved?: { readonly by: string; readonly method: MfaMethod } | undefined
}

type WriteDeps = Pick<ServiceContext, 'clock'> & NotifyDeps

/**
 * Stores a new request: as it was asked for, and with what rules have decided of it already. Its revision is 1 afterwards.
 * @throws GatewayError `ALREADY_EXISTS`.
 */
export async function writeNew(
  deps: WriteDeps,
  { tx, view, now, origin }: StepWrite,
  asked: AccessRequest,
  decided: AccessRequest,
): Promise<AccessRequest> {
  const present = await passTimeWithin(tx, view, decided, now)
  await tx.accessRequests.create(present)
  const { clusterName } = deps
  await record(
    deps,
    tx,
    requestFacts({ event: 'access_request.create', request: asked, by: asked.user, clusterName }),
    origin,
  )
  for (const facts of stepEvents(asked, 1, present, clusterName)) await record(deps, tx, facts, origin)
  await noteOnExtended(deps, { tx, view, now, origin }, undefined, present)
  await tellOfStep(deps, { tx, view, now }, undefined, present)
  await announceStep(deps, { tx, view, now }, 0, present)
  return { ...present, revision: 1 }
}

/**
 * Stores what became of a request that was read in this transaction.
 * @throws GatewayError `REVISION_MISMATCH` where somebody was faster.
 */
export async function writeStep(
  deps: WriteDeps,
  step: StepWrite,
  before: AccessRequest,
  after: AccessRequest,
): Promise<AccessRequest> {
  const { tx, view, now, origin } = step
  const present = await passTimeWithin(tx, view, after, now)
  const stored = await tx.accessRequests.update(present)
  for (const facts of stepEvents(before, before.timeline.length, present, deps.clusterName)) {
    await record(deps, tx, withMfa(facts, step.proved), origin)
  }
  await noteOnExtended(deps, step, before, present)
  await tellOfStep(deps, step, before, present)
  await announceStep(deps, step, before.timeline.length, present)
  return stored
}

/** An extension that was approved is told where people look: at the request that it goes on with. */
async function noteOnExtended(
  deps: WriteDeps,
  { tx, view, now, origin }: StepWrite,
  before: AccessRequest | undefined,
  after: AccessRequest,
): Promise<void> {
  if (after.extends === undefined || after.state !== 'approved' || before?.state === 'approved') return
  const extended = await tx.accessRequests.find(after.extends.request)
  if (extended === undefined || after.endsAt === undefined) return
  const by = after.timeline.findLast(({ what }) => what === 'approved')?.by ?? 'system'
  const says = `until ${formatInstant(after.endsAt)} by the request ${after.id}`
  const noted = noteExtended(extended, by, now, says)
  await tx.accessRequests.update(noted)
  await tellOfStep(deps, { tx, view, now }, extended, noted)
  await announceStep(deps, { tx, view, now }, extended.timeline.length, noted)
  for (const facts of stepEvents(extended, extended.timeline.length, noted, deps.clusterName)) {
    await record(deps, tx, facts, origin)
  }
}

/** Of what the person did themselves the event tells with which second factor. */
function withMfa(facts: AuditFacts, proved: StepWrite['proved']): AuditFacts {
  const { fields = {} } = facts
  return proved === undefined || fields['updated_by'] !== proved.by
    ? facts
    : { ...facts, fields: { ...fields, with_mfa: proved.method } }
}

/** One event for each entry of the timeline from this place on. */
function stepEvents(
  before: AccessRequest,
  from: number,
  after: AccessRequest,
  clusterName: string,
): AuditFacts[] {
  const reviews = after.reviews.slice(before.reviews.length)
  let reviewed = 0
  return after.timeline.slice(from).map((entry) => {
    const review = entry.what === 'reviewed' ? reviews[reviewed++] : undefined
    return review === undefined
      ? changeFacts(entry, after, clusterName)
      : reviewFacts(review, after, clusterName)
  })
}

function changeFacts(
  { what, by, says }: TimelineEntry,
  request: AccessRequest,
  clusterName: string,
): AuditFacts {
  return requestFacts({
    event: what === 'expired' ? 'access_request.expire' : 'access_request.update',
    request,
    by,
    clusterName,
    fields: { action: what, message: says === '' ? undefined : says },
  })
}

function reviewFacts(review: RequestReview, request: AccessRequest, clusterName: string): AuditFacts {
  const { author, approve, deny, reason, annotations, startAt } = review
  return requestFacts({
    event: 'access_request.review',
    request,
    by: author,
    clusterName,
    fields: {
      reviewer: author,
      proposed_state: approve.length > 0 ? 'APPROVED' : 'DENIED',
      approved_items: approve.length === 0 ? undefined : [...approve],
      denied_items: deny.length === 0 ? undefined : [...deny],
      review_reason: reason === '' ? undefined : reason,
      review_annotations: Object.keys(annotations).length === 0 ? undefined : annotations,
      ...(startAt !== undefined && { assume_start_time: formatInstant(startAt) }),
    },
  })
}
