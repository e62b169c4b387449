/** @module One request for whoever may see it, with what is in AWS now and what the requester has already. */
import type { AccessRequestShown, CreateAccessRequestAnswer } from '../../api/contract/access-requests.js'
import type { AccessRequest } from '../../core/access-request/access-request.js'
import { describeUndecidable, findUndecidable } from '../../core/access-request/undecidable.js'
import { formatDuration } from '../../core/time.js'
import { loadHeld } from './already-has.js'
import { findExtension, type Asked } from './ask.js'
import type { AccessRequestDeps } from './deps.js'
import { sayRequestLocked } from './locked.js'
import { describeInAws } from './request-in-aws.js'
import { showRequest } from './show-request.js'
import { loadSeesPromotion } from './shown-promotion.js'
import { loadRequestViewer, noSuchRequest, seesRequest, type Asking, type RequestViewer } from './viewer.js'
import { findReviewers } from './who-may-review.js'

/** @throws GatewayError `NOT_FOUND`. */
export async function getRequest(
  deps: AccessRequestDeps,
  id: string,
  asking: Asking,
): Promise<AccessRequestShown> {
  const viewer = await loadRequestViewer(deps, deps.store, await deps.catalog.read(), asking)
  const request = await deps.store.accessRequests.find(id)
  if (request === undefined || !seesRequest(viewer, request)) throw noSuchRequest(id)
  return await showAll(deps, viewer, request)
}

/** One that somebody has just changed, as they see it afterwards. */
export async function showChanged(
  deps: AccessRequestDeps,
  request: AccessRequest,
  asking: Asking,
): Promise<AccessRequestShown> {
  const viewer = await loadRequestViewer(deps, deps.store, await deps.catalog.read(), asking)
  return await showAll(deps, viewer, request)
}

/** The answer to whoever asked for access, or tried it. */
export async function showAsked(
  deps: AccessRequestDeps,
  { request, terms, notes }: Asked,
  { dryRun, ...asking }: Asking & { readonly dryRun: boolean },
): Promise<CreateAccessRequestAnswer> {
  const view = await deps.catalog.read()
  const viewer = await loadRequestViewer(deps, deps.store, view, asking)
  const { id, ...shown } = await showAll(deps, viewer, request)
  const found = await findReviewers(deps.store, view, request, viewer.now)
  const { reviewers, withoutMeans } = found
  // Where there are too many to look at all of them, there are enough.
  const all = [...reviewers, ...withoutMeans]
  const undecidable = found.isAll ? findUndecidable(request, all, viewer.world) : []
  const names = new Map(shown.items.map((item) => [item.id, item.name]))
  return {
    request: { ...shown, ...(!dryRun && { id }) },
    reviewers: reviewers.map(({ name }) => name),
    durations: terms.durations.map(formatDuration),
    reasonRequired: terms.reasonRequired,
    prompts: [...terms.prompts],
    notes: [...notes, ...describeUndecidable(undecidable, request, (item) => names.get(item) ?? item)],
  }
}

async function showAll(
  deps: AccessRequestDeps,
  viewer: RequestViewer,
  request: AccessRequest,
): Promise<AccessRequestShown> {
  const { store } = deps
  const locked = await sayRequestLocked(store, viewer.view, request, viewer.now)
  const extension = await findExtension(store.accessRequests, request)
  return showRequest(viewer, request, {
    alreadyHas: await loadHeld(deps, viewer, request),
    inAws: await describeInAws(deps, viewer, request, locked !== undefined),
    extendedBy: extension?.id,
    locked,
    seesPromotion: await loadSeesPromotion(deps, viewer, [request]),
  })
}
