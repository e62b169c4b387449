/**
 * @module The ways in which a request ends before its time: taken back or given back by who asked, revoked by somebody
 * who may review something of it or whom a role allows; and one that is over is removed.
 */
import { isLive } from '../../core/access-request/grants.js'
import { mayReviewSome } from '../../core/access-request/reviewers.js'
import {
  cancel,
  refuse,
  release,
  revoke,
  type Step,
  type StepBy,
} from '../../core/access-request/transition.js'
import { requestLimits, type AccessRequest } from '../../core/access-request/access-request.js'
import { GatewayError } from '../../core/error.js'
import { record } from '../people/record.js'
import { forbidden } from '../resources/may.js'
import { changeRequest, type Change, type ChangedRequest, type Standing } from './change-request.js'
import type { AccessRequestDeps } from './deps.js'
import { requestFacts } from './events.js'
import { listOpenExtensions } from './extensions.js'
import { requireMfa } from './require-mfa.js'
import { writeStep } from './write-step.js'
import { isOwn, loadRequestViewer, mayOnRequest, noSuchRequest, seesRequest } from './viewer.js'

export type EndRequest = Omit<Change, 'revision'> & {
  readonly reason: string
  /** Of who may review the request, where that takes a second factor. */
  readonly mfaProof?: string | undefined
}

/** While it waits, or before its access begins. @throws as `changeRequest`. */
export async function cancelRequest(deps: AccessRequestDeps, input: EndRequest): Promise<ChangedRequest> {
  return await changeRequest(deps, input, ({ request, viewer }) => {
    // A machine user is nobody's other name, and never the requester.
    if (!isOwn(viewer, request))
      return refuse('forbidden', 'Only the requester cancels a request; others revoke it.')
    return cancel(request, stepBy(input, viewer.now))
  })
}

/** Before the end of its access, with what goes on with it. @throws as `changeRequest`. */
export async function releaseRequest(deps: AccessRequestDeps, input: EndRequest): Promise<ChangedRequest> {
  return await changeRequest(deps, input, async ({ tx, request, viewer }) => {
    if (!isOwn(viewer, request))
      return refuse('forbidden', 'Only the requester gives access back; others revoke it.')
    const by = stepBy(input, viewer.now)
    const released = release(request, by)
    if (released.ok) {
      const giveBack = (one: AccessRequest) =>
        one.activatedAt === undefined ? cancel(one, by) : release(one, by)
      await endExtensions(deps, { tx, viewer, request }, input.origin, giveBack)
    }
    return released
  })
}

/** @throws as `changeRequest`. */
export async function revokeRequest(deps: AccessRequestDeps, input: EndRequest): Promise<ChangedRequest> {
  return await changeRequest(deps, input, async (standing) => {
    const { request, viewer } = standing
    const { reviewer, world } = viewer
    const mayReview = reviewer !== undefined && mayReviewSome(reviewer, request, world)
    if (!mayReview && !mayOnRequest(viewer, 'update', request)) {
      return refuse(
        'forbidden',
        isOwn(viewer, request)
          ? 'A request of your own is cancelled or given back; revoking is for others.'
          : 'Only somebody who may review the request, or whom a role allows "update" on access_request, revokes it.',
      )
    }
    const by = stepBy(input, viewer.now)
    const revoked = revoke(request, by)
    if (!revoked.ok) return revoked
    const { items } = request
    const decision =
      reviewer && mayReview ? { by: input.by, reviewer, items, proof: input.mfaProof } : undefined
    const mfa = decision && (await requireMfa(standing, decision))
    await endExtensions(deps, standing, input.origin, (one) => revoke(one, by))
    return { ...revoked, mfa }
  })
}

/** What goes on with a request that is revoked or given back ends with it. */
async function endExtensions(
  deps: AccessRequestDeps,
  { tx, viewer, request }: Standing,
  origin: EndRequest['origin'],
  endOne: (extension: AccessRequest) => Step,
): Promise<void> {
  for (const one of await listOpenExtensions(tx, request)) {
    const step = endOne(one)
    if (!step.ok) continue
    await writeStep(deps, { tx, view: viewer.view, now: viewer.now, origin }, one, step.request)
  }
}

function stepBy({ by, reason }: EndRequest, at: number): StepBy {
  return { by: by.authority.name, at, reason: reason.slice(0, requestLimits.reason) }
}

/**
 * Removes one that is final and gives nothing any more, with its history; the audit log keeps its own.
 * @throws GatewayError `NOT_FOUND`, `FORBIDDEN`, `CONFLICT`.
 */
export async function deleteRequest(
  deps: AccessRequestDeps,
  { id, by, origin }: Omit<Change, 'revision'>,
): Promise<void> {
  await deps.catalog.read()
  await deps.store.transaction(async (tx) => {
    const viewer = await loadRequestViewer(deps, tx, await deps.catalog.readIn(tx), by)
    const request = await tx.accessRequests.find(id)
    if (request === undefined || !seesRequest(viewer, request)) {
      if (request === undefined || !mayOnRequest(viewer, 'delete', request)) throw noSuchRequest(id)
    }
    if (!mayOnRequest(viewer, 'delete', request)) {
      throw forbidden(by.authority, { resource: 'access_request', verb: 'delete' }, id)
    }
    if (request.state === 'pending' || request.state === 'approved' || isLive(request, viewer.now)) {
      throw new GatewayError('CONFLICT', 'Only a request that is over is removed; revoke it first.')
    }
    await tx.accessRequests.delete(id)
    const facts = requestFacts({
      event: 'access_request.delete',
      request,
      by: by.authority.name,
      clusterName: deps.clusterName,
    })
    await record(deps, tx, facts, origin)
  })
}
