/**
 * @module Brings one request up to the present: its wait, its start and its end. Whoever changes a request does it in
 * their own transaction, so that what was approved begins with the approval; time itself is kept in `keep-time.ts`.
 */
import type { AccessRequest } from '../../core/access-request/access-request.js'
import { recheck, type RecheckFacts } from '../../core/access-request/recheck.js'
import { isRuleAuthor } from '../../core/access-request/review-rule.js'
import { passTime } from '../../core/access-request/transition.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { findRequester, findReviewer } from './people.js'
import { listExtended } from './extensions.js'
import { loadRules } from './rules.js'
import { requestWorld } from './world.js'

/** The request as it is at `now`; the same value where time changed nothing. Writes nothing. */
export async function passTimeWithin(
  tx: Pick<StoreTransaction, 'accessRequests' | 'members' | 'onCall'>,
  view: CatalogView,
  request: AccessRequest,
  now: Instant,
): Promise<AccessRequest> {
  const mayBegin =
    request.activatedAt === undefined && request.items.some(({ state }) => state === 'approved')
  if (!mayBegin) return passTime(request, now, () => new Map())
  const facts = await loadRecheck(tx, view, request, now)
  const world = requestWorld(view)
  return passTime(request, now, (due) => recheck(due, facts, world))
}

/** Whom and what the look before access begins asks, as they are now. */
export async function loadRecheck(
  tx: Pick<StoreTransaction, 'accessRequests' | 'members' | 'onCall'>,
  view: CatalogView,
  request: AccessRequest,
  now: Instant,
): Promise<RecheckFacts> {
  const requester = await findRequester(tx.members, view, request.user, now)
  const reviewers = new Map<string, Awaited<ReturnType<typeof findReviewer>>>()
  for (const author of new Set(request.reviews.map((review) => review.author))) {
    if (!isRuleAuthor(author)) reviewers.set(author, await findReviewer(tx.members, view, author, now))
  }
  const extended = await listExtended(tx, request)
  const rules = await loadRules(tx, view, request.user, now)
  return { requester, reviewer: (author) => reviewers.get(author), rules, extended }
}
