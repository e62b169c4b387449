/** @module A review over the interface: who may, on which items, with which times; and whether it changed anything. */
import type { ReviewAccessRequest } from '../../api/contract/access-requests.js'
import { isEffectual, itemsToReview, review, type ReviewDraft } from '../../core/access-request/review.js'
import { isOwnRequest, ownRequest } from '../../core/access-request/reviewers.js'
import { refuse } from '../../core/access-request/transition.js'
import { changeRequest, type Change, type ChangedRequest } from './change-request.js'
import type { AccessRequestDeps } from './deps.js'
import { assertRequestFree } from './locked.js'
import { createReadings } from './readings.js'
import { requireMfa } from './require-mfa.js'

export interface Reviewed extends ChangedRequest {
  /** False: the review is kept and decided nothing yet. */
  readonly effectual: boolean
}

/** @throws as `changeRequest`; `INVALID_INPUT` with every field that is wrong. */
export async function reviewRequest(
  deps: AccessRequestDeps,
  change: Omit<Change, 'revision'>,
  input: ReviewAccessRequest,
): Promise<Reviewed> {
  const readings = createReadings()
  const durationMs = readings.duration('duration', input.duration)
  const startAt = readings.instant('startAt', input.startAt)
  if (input.all !== undefined && input.approve.length + input.deny.length > 0) {
    readings.refuse('all', 'stands in place of approve and deny')
  }
  readings.assertNone()
  const changed = await changeRequest(deps, { ...change, revision: input.revision }, async (standing) => {
    const { viewer, request } = standing
    const { reviewer, now, world } = viewer
    await assertRequestFree(standing.tx, viewer.view, request, now)
    if (reviewer === undefined)
      return refuse('forbidden', 'Only people review requests; sign in as a person.')
    const draft: ReviewDraft = {
      ...sidesOf(input, () => itemsToReview(request, reviewer, world).map(({ id }) => id)),
      reason: input.reason,
      annotations: input.annotations ?? {},
      ...(startAt !== undefined && { startAt }),
      ...(durationMs !== undefined && { durationMs }),
    }
    if (input.all !== undefined && draft.approve.length + draft.deny.length === 0) {
      if (isOwnRequest(reviewer, request)) return refuse('forbidden', ownRequest)
      return request.state === 'pending'
        ? refuse('forbidden', 'There is no item left that you may decide on.')
        : refuse('conflict', `The request is ${request.state} already.`)
    }
    const reviewed = review(request, reviewer, draft, now, world)
    if (!reviewed.ok) return reviewed
    const decided = new Set([...draft.approve, ...draft.deny])
    const items = request.items.filter(({ id }) => decided.has(id))
    const mfa = { by: change.by, reviewer, items, review: draft, proof: input.mfaProof }
    return { ...reviewed, mfa: await requireMfa(standing, mfa) }
  })
  return { ...changed, effectual: isEffectual(changed.before, changed.request) }
}

function sidesOf(
  { all, approve, deny }: ReviewAccessRequest,
  open: () => string[],
): Pick<ReviewDraft, 'approve' | 'deny'> {
  if (all === undefined) return { approve, deny }
  return all === 'approve' ? { approve: open(), deny: [] } : { approve: [], deny: open() }
}
