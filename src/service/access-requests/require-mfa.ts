/**
 * @module The second factor that a decision on a request takes: asked for once the decision would stand, so that nobody
 * gives a code only to be turned away, and spent in the transaction that writes it.
 */
import type { RequestItem, RequestReview } from '../../core/access-request/access-request.js'
import { describeReviewMfa, reviewMfaJudge } from '../../core/access-request/review-mfa.js'
import type { Reviewer } from '../../core/access-request/world.js'
import { GatewayError } from '../../core/error.js'
import type { MfaMethod } from '../../core/mfa/proof.js'
import { spendProof } from '../people/mfa-proofs.js'
import { noUsableFactor } from '../people/factors.js'
import type { Standing } from './change-request.js'
import type { Asking } from './viewer.js'

export interface Decision {
  readonly by: Asking
  readonly reviewer: Reviewer
  readonly items: readonly RequestItem[]
  /** For conditions of roles that read it. */
  readonly review?: Pick<RequestReview, 'reason' | 'annotations'>
  readonly proof: string | undefined
}

const purpose = 'review_requests'

/**
 * The method that was proved; undefined where nobody asks for one, and what was given is then left as it is.
 * @throws GatewayError `SESSION_MFA_REQUIRED`, `SESSION_MFA_UNSUPPORTED`, `SECOND_FACTOR_MISSING`, `MFA_PROOF_INVALID`.
 */
export async function requireMfa(
  { tx, viewer, request }: Standing,
  { by, reviewer, items, review, proof }: Decision,
): Promise<MfaMethod | undefined> {
  const need = reviewMfaJudge(reviewer, request, viewer.world, review)(items)
  if (need.needs === 'none') return undefined
  const because = describeReviewMfa(need)
  if (need.needs === 'unsupported') {
    throw new GatewayError('SESSION_MFA_UNSUPPORTED', because, {
      mfa: { purpose, subjects: [request.id], because },
    })
  }
  if (proof !== undefined && by.sessionId !== undefined) {
    const use = { user: by.authority.name, sessionId: by.sessionId, purpose, subject: request.id } as const
    return await spendProof(tx, proof, use, viewer.now, need.needs)
  }
  if (reviewer.means?.any === false) throw noUsableFactor(viewer.view.preference().factorKinds)
  throw new GatewayError('SESSION_MFA_REQUIRED', `${because} Confirm with it and decide again.`, {
    mfa: { purpose, subjects: [request.id], because, needs: need.needs },
  })
}
