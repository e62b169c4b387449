/** @module What people may ask for, and who decides on it: for those who do not have it. */
import type { AccessRequest, ItemTerms, Requestable } from '../../core/access-request/access-request.js'
import { requestJudge, type RequestJudge } from '../../core/access-request/may-request.js'
import type { Requester } from '../../core/access-request/world.js'
import { hour } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import { listReviewers } from '../access-requests/who-may-review.js'
import { requestWorld } from '../access-requests/world.js'
import type { Collected, InsightDeps } from './collect.js'

/** Names that are told of those who may approve; the others are counted. */
export const maxReviewers = 5

export interface Reviewers {
  readonly reviewers: string[]
  readonly moreReviewers?: number
}

/** Undefined for whom no role lets ask for anything. */
export function judgeRequests(
  { catalog }: Pick<Collected, 'catalog'>,
  user: User,
  names: readonly string[],
): RequestJudge | undefined {
  const { roles } = catalog.rolesOf({ roles: names })
  if (!roles.some(({ allow }) => allow.request !== undefined)) return undefined
  const requester: Requester = { user: { ...user, roles: names }, roles }
  return requestJudge(requester, requestWorld(catalog))
}

/**
 * Who may approve what is asked for on these terms. The same people for everybody who asks, but for the one who asks:
 * each set of roles is looked up once.
 */
export function reviewersOf(
  deps: Pick<InsightDeps, 'store'>,
  { catalog, now }: Pick<Collected, 'catalog' | 'now'>,
): (user: string, asked: Requestable, terms: ItemTerms) => Promise<Reviewers> {
  const known = new Map<string, readonly string[]>()
  return async (user, asked, terms) => {
    const key = terms.roles.join('\n')
    let found = known.get(key)
    if (found === undefined) {
      // In the name of nobody, so that the answer is good for everybody.
      found = await listReviewers(deps.store, catalog, draftOf('', asked, terms, now), now)
      known.set(key, found)
    }
    const others = found.filter((name) => name !== user)
    const more = others.length - maxReviewers
    return { reviewers: others.slice(0, maxReviewers), ...(more > 0 && { moreReviewers: more }) }
  }
}

/** A request as reviewers would see it, which nobody has made. */
function draftOf(user: string, asked: Requestable, terms: ItemTerms, now: number): AccessRequest {
  return {
    id: '',
    user,
    state: 'pending',
    items: [{ id: '1', asked, terms, state: 'pending' }],
    reason: '',
    createdAt: now,
    pendingUntil: now + hour,
    startAt: undefined,
    durationMs: hour,
    maxDurationMs: hour,
    asked: { startAt: undefined, durationMs: hour },
    activatedAt: undefined,
    endsAt: undefined,
    resolvedAt: undefined,
    suggestedReviewers: [],
    annotations: {},
    reviews: [],
    extends: undefined,
    promotedTo: undefined,
    timeline: [],
    revision: 0,
  }
}
