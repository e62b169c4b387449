/**
 * @module A request as somebody sees it: with what they may do with it now, and with why not. What takes further
 * questions, such as what is in AWS, is asked for only where one request is looked at.
 */
import type {
  AccessRequestRow,
  AccessRequestShown,
  RequestItemShown,
} from '../../api/contract/access-requests.js'
import type { AccessRequest, RequestItem, RequestReview } from '../../core/access-request/access-request.js'
import { endOfOwnAccess, isActive } from '../../core/access-request/grants.js'
import { rolesOfRequest } from '../../core/access-request/may-request.js'
import { itemsToReview, saidBy } from '../../core/access-request/review.js'
import { ruleOfAuthor } from '../../core/access-request/review-rule.js'
import { describeReviewMfa, reviewMfaJudge } from '../../core/access-request/review-mfa.js'
import { mayReviewSome, reviewJudge } from '../../core/access-request/reviewers.js'
import { awsSessionsUntil } from '../../core/access-request/session-notes.js'
import { tallyOf } from '../../core/access-request/tally.js'
import { findLocks } from '../../core/lock/lock.js'
import { findPair } from '../../core/inventory/pair.js'
import { formatDuration, formatInstant } from '../../core/time.js'
import { mayOnResource } from '../resources/may.js'
import { rawDocument } from '../resources/present.js'
import { portalUrls } from './portal.js'
import { namesSeen, shownItem } from './shown-items.js'
import { shownPromotion, withoutTitle, type SeesPromotion } from './shown-promotion.js'
import { isOwn, mayOnRequest, type RequestViewer } from './viewer.js'

/** What was asked of the store and the sync beside the request. */
export interface MoreFacts {
  readonly alreadyHas?: (asked: RequestItem['asked']) => string | undefined
  readonly inAws?: ReadonlyMap<string, NonNullable<RequestItemShown['inAws']>>
  readonly extendedBy?: string | undefined
  /** Where a lock is in force on it: what it says. */
  readonly locked?: string | undefined
  readonly seesPromotion: SeesPromotion
}

export function showRequest(
  viewer: RequestViewer,
  request: AccessRequest,
  more: MoreFacts,
): AccessRequestShown {
  const items = showItems(viewer, request, more)
  const assumed = viewer.assumed.includes(request.id)
  const may = mayDo(viewer, request, items, more)
  const until = awsSessionsUntil(request, viewer.world)
  const seesList = more.seesPromotion(request)
  const hidesNames = items.some((item) => item.kind === 'assignment' && item.account?.name === undefined)
  return {
    ...head(viewer, request, seesList),
    ...(more.locked !== undefined && { locked: more.locked, active: false }),
    items,
    maxDuration: formatDuration(request.maxDurationMs),
    ...(request.activatedAt !== undefined && { activatedAt: formatInstant(request.activatedAt) }),
    suggestedReviewers: [...request.suggestedReviewers],
    annotations: Object.fromEntries(
      Object.entries(request.annotations).map(([key, values]) => [key, [...values]]),
    ),
    reviews: request.reviews.map((one) => ({ ...shownReview(one), ...ruleOf(viewer, one.author) })),
    timeline: request.timeline.map((entry) => ({
      at: formatInstant(entry.at),
      by: entry.by,
      ...ruleOf(viewer, entry.by),
      what: entry.what,
      // Words of the gateway's own name what was asked for.
      says: hidesNames && entry.by === 'system' ? '' : seesList ? entry.says : withoutTitle(entry, request),
    })),
    ...(more.extendedBy !== undefined && { extendedBy: more.extendedBy }),
    may,
    ...((may.review || may.promote || may.revoke) && mfaOfAll(viewer, request)),
    assumed,
    ...(until !== undefined && { awsSessionsUntil: formatInstant(until) }),
    revision: request.revision,
  }
}

/** Items that a row of a list names. */
const itemsOfRow = 5

export function showRow(
  viewer: RequestViewer,
  request: AccessRequest,
  { seesPromotion, alreadyHas = () => undefined }: Pick<MoreFacts, 'seesPromotion' | 'alreadyHas'>,
): Omit<AccessRequestRow, 'recent'> {
  const seesName = namesSeen(viewer, request)
  return {
    ...head(viewer, request, seesPromotion(request)),
    items: request.items.slice(0, itemsOfRow).map((item) => {
      const has = alreadyHas(item.asked)
      return {
        ...shownItem(item, viewer, seesName(item.asked)),
        ...(has !== undefined && { alreadyHas: has }),
      }
    }),
    itemCount: request.items.length,
    ...reviewOfRow(viewer, request),
  }
}

function reviewOfRow(
  viewer: RequestViewer,
  request: AccessRequest,
): Pick<AccessRequestRow, 'mayReview' | 'needsMfa'> {
  const { reviewer, world } = viewer
  if (reviewer === undefined || !mayReviewNow(viewer, request)) return { mayReview: false }
  return { mayReview: true, ...mfaOf(viewer, request, itemsToReview(request, reviewer, world)) }
}

/** Whoever may review nothing of it ends it by a right, which takes none. */
function mfaOfAll(viewer: RequestViewer, request: AccessRequest): Pick<AccessRequestShown, 'needsMfa'> {
  const judge = viewer.reviewer && reviewJudge(viewer.reviewer, request, viewer.world)
  return judge === undefined
    ? {}
    : mfaOf(
        viewer,
        request,
        request.items.filter((item) => judge(item).may),
      )
}

/** What a decision on these takes. Conditions of roles that read the review itself are judged when it is given. */
function mfaOf(
  { reviewer, world }: RequestViewer,
  request: AccessRequest,
  items: readonly RequestItem[],
): Pick<AccessRequestRow, 'needsMfa'> {
  if (reviewer === undefined) return {}
  const need = reviewMfaJudge(reviewer, request, world)(items)
  return need.needs === 'none' ? {} : { needsMfa: { needs: need.needs, because: describeReviewMfa(need) } }
}

/** Whether whoever looks may decide on something of it now. */
export function mayReviewNow({ reviewer, world, now }: RequestViewer, request: AccessRequest): boolean {
  if (reviewer === undefined || request.state !== 'pending' || now >= request.pendingUntil) return false
  const judge = reviewJudge(reviewer, request, world)
  const said = saidBy(request, reviewer.name)
  return request.items.some((item) => item.state === 'pending' && !said.has(item.id) && judge(item).may)
}

function head(
  { assumed, now, view }: RequestViewer,
  request: AccessRequest,
  seesList: boolean,
): Omit<AccessRequestRow, 'items' | 'itemCount' | 'mayReview' | 'needsMfa' | 'recent'> {
  const { id, user, state, reason, createdAt, pendingUntil, durationMs } = request
  const { startAt, resolvedAt, extends: extended } = request
  const endsAt = endOfOwnAccess(request)
  return {
    id,
    user,
    state,
    active: isActive(request, now) && findLocks(view.locks(), { accessRequest: id }, now).length === 0,
    reason,
    createdAt: formatInstant(createdAt),
    pendingUntil: formatInstant(pendingUntil),
    duration: formatDuration(durationMs),
    assumed: assumed.includes(id),
    ...(startAt !== undefined && { startAt: formatInstant(startAt) }),
    ...(endsAt !== undefined && { endsAt: formatInstant(endsAt) }),
    ...(resolvedAt !== undefined && { resolvedAt: formatInstant(resolvedAt) }),
    ...(extended !== undefined && { extends: extended.request }),
    ...shownPromotion(request, seesList),
  }
}

function showItems(viewer: RequestViewer, request: AccessRequest, more: MoreFacts): RequestItemShown[] {
  const { reviewer, world, now } = viewer
  const seesName = namesSeen(viewer, request)
  const tally = tallyOf(request, rolesOfRequest(request.items, world))
  const judge = reviewer && reviewJudge(reviewer, request, world)
  const mfa = reviewer && reviewMfaJudge(reviewer, request, world)
  const said = reviewer === undefined ? new Set() : saidBy(request, reviewer.name)
  const isOpen = request.state === 'pending' && now < request.pendingUntil
  const whyNot = (item: RequestItem, names: boolean): string | undefined => {
    if (!isOpen) return 'The request waits for no decision.'
    if (more.locked !== undefined) return more.locked
    if (item.state !== 'pending') return `It is ${item.state} already.`
    if (said.has(item.id)) return 'You have decided on it; it waits for others.'
    if (judge === undefined) return 'Only people review requests.'
    const { may, says } = judge(item)
    if (may) return undefined
    return names ? says : 'No role of yours lets you review it.'
  }
  const isGiving = isActive(request, now) && more.locked === undefined
  const portalOf = isOwn(viewer, request) && isGiving ? portalOfItem(viewer) : () => undefined
  return request.items.map((item) => {
    const names = seesName(item.asked)
    const { approvals, denials, thresholds } = tally(item)
    const why = whyNot(item, names)
    const has = more.alreadyHas?.(item.asked)
    const inAws = more.inAws?.get(item.id)
    const portalUrl = portalOf(item)
    const needs = why === undefined ? mfa?.([item]).needs : undefined
    return {
      ...shownItem(item, viewer, names),
      ...(portalUrl !== undefined && { portalUrl }),
      state: item.state,
      approvals,
      denials,
      thresholds: thresholds.map(({ threshold: { name, filter, approve, deny }, ...counted }) => ({
        ...(name !== undefined && { name }),
        ...(filter !== undefined && { filter }),
        approve,
        deny,
        ...counted,
      })),
      mayReview: why === undefined,
      ...(why !== undefined && { whyNot: why }),
      ...(needs !== undefined && needs !== 'none' && { needsMfa: needs }),
      ...(has !== undefined && { alreadyHas: has }),
      ...(inAws !== undefined && { inAws }),
    }
  })
}

/** For whoever has the access now. */
function portalOfItem({ view, world }: RequestViewer): (item: RequestItem) => string | undefined {
  const urlOf = portalUrls(view)
  return ({ asked, state }) => {
    const pair =
      state === 'approved' && asked.kind === 'assignment' ? findPair(world.inventory, asked) : undefined
    return pair && urlOf(pair)
  }
}

function mayDo(
  viewer: RequestViewer,
  request: AccessRequest,
  items: readonly RequestItemShown[],
  { extendedBy, locked }: Pick<MoreFacts, 'extendedBy' | 'locked'>,
): AccessRequestShown['may'] {
  const { reviewer, world, now, assumed } = viewer
  const own = isOwn(viewer, request)
  const active = isActive(request, now)
  const waits = request.state === 'pending' && now < request.pendingUntil
  const isFree = locked === undefined
  const isOver = request.state !== 'pending' && request.state !== 'approved'
  const judge = reviewer && reviewJudge(reviewer, request, world)
  const mayRevoke =
    (reviewer !== undefined && mayReviewSome(reviewer, request, world)) ||
    mayOnRequest(viewer, 'update', request)
  return {
    review: items.some(({ mayReview }) => mayReview),
    cancel: own && (waits || (request.state === 'approved' && request.activatedAt === undefined)),
    release: own && active,
    revoke: mayRevoke && !isOver,
    extend: own && active && isFree && extendedBy === undefined,
    assume: own && active && isFree && !assumed.includes(request.id) && request.items.some(isAssumable),
    promote:
      (waits || active) && isFree && judge !== undefined && request.items.every((item) => judge(item).may),
  }
}

/** An assignment gives its access in AWS, whether or not anybody assumes it. */
function isAssumable({ asked, state }: RequestItem): boolean {
  return state === 'approved' && asked.kind !== 'assignment'
}

/** The rule that decided, where it was one. */
function ruleOf(
  { authority, view }: RequestViewer,
  author: string,
): Pick<AccessRequestShown['reviews'][number], 'rule'> {
  const name = ruleOfAuthor(author)
  if (name === undefined) return {}
  const stored = view.parsed('access_review_rule').get(name)?.stored
  const right = { resource: 'access_review_rule', verb: 'read' }
  const mayRead =
    stored !== undefined && mayOnResource(authority, right, rawDocument(stored)).effect === 'allow'
  return { rule: { name, mayRead } }
}

function shownReview(review: RequestReview): AccessRequestShown['reviews'][number] {
  const { author, at, approve, deny, reason, startAt, durationMs } = review
  return {
    author,
    at: formatInstant(at),
    approve: [...approve],
    deny: [...deny],
    reason,
    ...(startAt !== undefined && { startAt: formatInstant(startAt) }),
    ...(durationMs !== undefined && { duration: formatDuration(durationMs) }),
  }
}
