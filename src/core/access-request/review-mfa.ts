/**
 * @module Whether a decision on a request takes a fresh second factor: where any of the roles that let the reviewer
 * decide on any of the items asks for session MFA, or the cluster does. A denial is final and speaks in somebody's name
 * like an approval, so that both take the same.
 */
import {
  canGive,
  nameNeed,
  needOf,
  needsHardware,
  strictestNeed,
  type FactorMeans,
  type FactorNeed,
} from '../mfa/strength.js'
import { roleReason, type Reason } from '../role/decision.js'
import type { ClusterAuthPreference, Role, SessionMfa } from '../role/role.js'
import type { AccessRequest, RequestItem, RequestReview } from './access-request.js'
import { lettingRoles, reviewJudge } from './reviewers.js'
import type { Reviewer, RequestWorld } from './world.js'

/** `unsupported`: by a key of a kind that the reviewer has none of, for which nothing else is a replacement. */
export type MfaNeeds = FactorNeed | 'unsupported'

export interface ReviewMfa {
  readonly needs: MfaNeeds
  /** Who asks for it; empty with `none`. */
  readonly reasons: readonly Reason[]
}

type World = Pick<RequestWorld, 'inventory'> & {
  readonly preference: Pick<ClusterAuthPreference, 'requireSessionMfa'>
}

/** `review` is the one that is being given, for conditions that read it. */
export function reviewMfaJudge(
  reviewer: Reviewer,
  request: Pick<AccessRequest, 'user' | 'items' | 'reason' | 'annotations'>,
  world: World,
  review?: Pick<RequestReview, 'reason' | 'annotations'>,
): (items: readonly RequestItem[]) => ReviewMfa {
  const cluster = world.preference.requireSessionMfa
  const asking = reviewer.roles.some(asksReviewer)
  // Most reviewers are asked for nothing, and are shown many requests.
  const letting = asking ? lettingRoles(reviewer, request, world, review) : () => []
  return (items) => {
    const needs: FactorNeed[] = []
    const reasons: Reason[] = []
    for (const role of new Set(items.flatMap((item) => letting(item)))) {
      const { requireSessionMfa: mode } = role.options
      if (mode === 'off') continue
      needs.push(needOf(mode))
      reasons.push(roleReason(role, 'require_session_mfa', 'requires', says(mode)))
    }
    if (cluster !== 'off' && items.length > 0) {
      needs.push(needOf(cluster))
      const words = `The cluster ${says(cluster)}.`
      reasons.push({ rule: 'require_session_mfa', effect: 'requires', says: words })
    }
    const need = strictestNeed(needs)
    const lacks = needsHardware(need) && !canGive(meansOf(reviewer), need)
    return { needs: lacks ? 'unsupported' : need, reasons }
  }
}

/** Whether the reviewer may decide on an item and can give what that takes. */
export function decisionJudge(
  reviewer: Reviewer,
  request: Pick<AccessRequest, 'user' | 'items' | 'reason' | 'annotations'>,
  world: World,
): (item: RequestItem) => boolean {
  const may = reviewJudge(reviewer, request, world)
  const mfa = reviewMfaJudge(reviewer, request, world)
  return (item) => {
    if (!may(item).may) return false
    const { needs } = mfa([item])
    return needs !== 'unsupported' && canGive(meansOf(reviewer), needs)
  }
}

/** Of several decisions together. */
export function strictest(needs: readonly MfaNeeds[]): MfaNeeds {
  if (needs.includes('unsupported')) return 'unsupported'
  return strictestNeed(needs.filter((need) => need !== 'unsupported'))
}

/** Sentences for people: who asks, and where they lack the key what to do. */
export function describeReviewMfa({ needs, reasons }: ReviewMfa): string {
  const shown = reasons.slice(0, maxShown).map((reason) => reason.says)
  const rest = reasons.length - shown.length
  if (rest > 0) shown.push(`${rest} more ask for the same.`)
  if (needs === 'unsupported') shown.push(adviceWithoutKey)
  return shown.join(' ')
}

const maxShown = 3
const adviceWithoutKey =
  'You have none that counts, and nothing else replaces it: add one in My settings, ask an administrator to let any second factor be enough (require_session_mfa: yes), or let another reviewer decide.'

/** Whether some decision of the reviewer may take a second factor, so that what they have matters. */
export function mayAskReviewer(
  { roles }: Pick<Reviewer, 'roles'>,
  { preference }: Pick<World, 'preference'>,
): boolean {
  return preference.requireSessionMfa !== 'off' || roles.some(asksReviewer)
}

function asksReviewer({ allow, options }: Role): boolean {
  return allow.reviewRequests !== undefined && options.requireSessionMfa !== 'off'
}

/** Where nobody looked, they are taken to have what it takes. */
function meansOf({ means }: Reviewer): FactorMeans {
  return means ?? { any: true, hardwareKey: true }
}

function says(mode: SessionMfa): string {
  const need = needOf(mode)
  return `requires ${nameNeed(need === 'none' ? 'factor' : need)} for each decision on access requests`
}
