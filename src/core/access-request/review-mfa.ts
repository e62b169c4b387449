/**
 * @module Whether a decision on a request takes a fresh second factor: where any of the roles that let the reviewer
 * decide on any of the items asks for session MFA, or the cluster does. A denial is final and speaks in somebody's name
 * like an approval, so that both take the same.
 */
import { roleReason, type Reason } from '../role/decision.js'
import type { ClusterAuthPreference, SessionMfa } from '../role/role.js'
import type { AccessRequest, RequestItem, RequestReview } from './access-request.js'
import { lettingRoles, reviewJudge } from './reviewers.js'
import type { Reviewer, RequestWorld } from './world.js'

/** `unsupported`: by what this gateway cannot check, for which a code is no replacement. */
export type MfaNeeds = 'none' | 'code' | 'unsupported'

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
  const asking = reviewer.roles.some(
    ({ allow, options }) => allow.reviewRequests !== undefined && options.requireSessionMfa !== 'off',
  )
  // Most reviewers are asked for nothing, and are shown many requests.
  const letting = asking ? lettingRoles(reviewer, request, world, review) : () => []
  return (items) => {
    const needs: MfaNeeds[] = []
    const reasons: Reason[] = []
    for (const role of new Set(items.flatMap((item) => letting(item)))) {
      const { requireSessionMfa: mode } = role.options
      if (mode === 'off') continue
      needs.push(needsOf(mode))
      reasons.push(roleReason(role, 'require_session_mfa', 'requires', says(mode)))
    }
    if (cluster !== 'off' && items.length > 0) {
      needs.push(needsOf(cluster))
      const words = `The cluster ${says(cluster)}.`
      reasons.push({ rule: 'require_session_mfa', effect: 'requires', says: words })
    }
    return { needs: strictest(needs), reasons }
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
  return (item) => may(item).may && mfa([item]).needs !== 'unsupported'
}

/** Of several decisions together. */
export function strictest(needs: readonly MfaNeeds[]): MfaNeeds {
  if (needs.includes('unsupported')) return 'unsupported'
  return needs.includes('code') ? 'code' : 'none'
}

/** Sentences for people: who asks, and where a code is not enough what to do. */
export function describeReviewMfa({ needs, reasons }: ReviewMfa): string {
  const shown = reasons.slice(0, maxShown).map((reason) => reason.says)
  const rest = reasons.length - shown.length
  if (rest > 0) shown.push(`${rest} more ask for the same.`)
  if (needs === 'unsupported') shown.push(adviceWithoutKey)
  return shown.join(' ')
}

const maxShown = 3
const adviceWithoutKey =
  'Ask an administrator to let a code be enough (require_session_mfa: yes), or let another reviewer decide.'

function needsOf(mode: SessionMfa): MfaNeeds {
  return mode === 'off' ? 'none' : mode === 'session' ? 'code' : 'unsupported'
}

function says(mode: SessionMfa): string {
  return mode === 'session'
    ? 'requires a fresh code for each decision on access requests'
    : `requires session MFA by ${mode} for decisions on access requests, which this gateway cannot check: a code does not replace it`
}
