/**
 * @module The requests that somebody may see, newest first, by page: their own, those that wait for their decision, or
 * all. What the store cannot tell is looked at row by row, a bounded number for one answer; the next page goes on there.
 */
import type { z } from 'zod'
import type {
  AccessRequestRow,
  AccessRequestsAnswer,
  accessRequestsQuery,
} from '../../api/contract/access-requests.js'
import {
  requestStates,
  type AccessRequest,
  type RequestState,
} from '../../core/access-request/access-request.js'
import { isActive } from '../../core/access-request/grants.js'
import { GatewayError } from '../../core/error.js'
import type { StoreTransaction } from '../../store/store.js'
import { loadHoldings, type Held } from './already-has.js'
import type { AccessRequestDeps } from './deps.js'
import { withoutLocked } from './locked.js'
import { reviewsAtAll } from '../../core/access-request/reviewers.js'
import { mayReviewNow, showRow } from './show-request.js'
import { namesSeen, shownItem } from './shown-items.js'
import { loadSeesPromotion } from './shown-promotion.js'
import { isOwn, loadRequestViewer, seesRequest, type Asking, type RequestViewer } from './viewer.js'

export type ListRequestsInput = z.infer<typeof accessRequestsQuery>

/** Rows that are read at once, and for one answer. */
const atOnce = 200
const lookedAt = 2000

/** Beside one that waits for a decision: of those that are looked at. */
const recentShown = 3
const recentLookedAt = 50

type ListDeps = Pick<AccessRequestDeps, 'store' | 'catalog' | 'clock' | 'kinds'>
type Requests = Pick<StoreTransaction['accessRequests'], 'list'>

/** @throws GatewayError `INVALID_INPUT` for a state that there is not. */
export async function listRequests(
  deps: ListDeps,
  input: ListRequestsInput,
  asking: Asking,
): Promise<AccessRequestsAnswer> {
  const { accessRequests } = deps.store
  const viewer = await loadRequestViewer(deps, deps.store, await deps.catalog.read(), asking)
  const { of, limit, cursor } = input
  const states = parseStates(input.state, of)
  const isMine = of === 'mine'
  const { name, kind } = asking.authority
  const isNone = isMine && kind !== 'person'
  const user = isMine ? { user: name } : {}
  const found = isNone
    ? { items: [], next: undefined }
    : await collect(
        accessRequests,
        { states: states.stored, ...user },
        { limit, cursor },
        selector(viewer, input, states.activeOnly),
      )
  const wantsCounts = input.counts && cursor === undefined && !isNone
  return {
    items:
      of === 'review'
        ? await showToReview(deps, viewer, found.items)
        : await showRows(deps, viewer, found.items),
    ...(found.next !== undefined && { nextCursor: found.next }),
    toReview: await countToReview(accessRequests, viewer),
    ...(wantsCounts && { counts: await countStates(accessRequests, user, viewer, input) }),
  }
}

async function showRows(
  deps: ListDeps,
  viewer: RequestViewer,
  requests: readonly AccessRequest[],
): Promise<AccessRequestRow[]> {
  const seesPromotion = await loadSeesPromotion(deps, viewer, requests)
  const rows = requests.map((request) => showRow(viewer, request, { seesPromotion }))
  // A row knows of locks on its own request; of those on what it goes on with only the store does.
  const extensions = requests.filter((one) => one.extends !== undefined && isActive(one, viewer.now))
  const free = await withoutLocked(deps.store, viewer.view, extensions, viewer.now)
  const locked = new Set(extensions.filter((one) => !free.includes(one)).map(({ id }) => id))
  return rows.map((row) => (locked.has(row.id) ? { ...row, active: false } : row))
}

/** With what helps to decide: what each requester has already, and what else they asked for. */
async function showToReview(
  deps: ListDeps,
  viewer: RequestViewer,
  requests: readonly AccessRequest[],
): Promise<AccessRequestRow[]> {
  const known = new Map<
    string,
    { readonly held: (request: AccessRequest) => Held; readonly all: AccessRequest[] }
  >()
  const rows: AccessRequestRow[] = []
  // What waits was promoted nowhere, and of what was before no list is told.
  const seesPromotion = () => false
  for (const request of requests) {
    const { user } = request
    let about = known.get(user)
    if (about === undefined) {
      const all = await deps.store.accessRequests.list({ user, states: requestStates, limit: recentLookedAt })
      about = {
        held: await loadHoldings(deps, viewer, user),
        all: all.filter((one) => seesRequest(viewer, one)),
      }
      known.set(user, about)
    }
    const before = about.all.filter(
      ({ id, createdAt }) => id !== request.id && createdAt <= request.createdAt,
    )
    rows.push({
      ...showRow(viewer, request, { alreadyHas: about.held(request), seesPromotion }),
      recent: before.slice(0, recentShown).map((one) => {
        const { id, state, active, createdAt, items, itemCount } = showRow(viewer, one, { seesPromotion })
        return { id, state, active, createdAt, items: items.slice(0, 1), itemCount }
      }),
    })
  }
  return rows
}

/** Of the newest; `hasMore` where there are others beyond those that are looked at. */
async function countStates(
  requests: Requests,
  user: { readonly user?: string },
  viewer: RequestViewer,
  input: ListRequestsInput,
): Promise<NonNullable<AccessRequestsAnswer['counts']>> {
  const { items, next } = await collect(
    requests,
    { states: requestStates, ...user },
    { limit: lookedAt, cursor: undefined },
    selector(viewer, input, false),
  )
  const count = (isOne: (request: AccessRequest) => boolean) => items.filter(isOne).length
  return {
    all: items.length,
    pending: count(({ state }) => state === 'pending'),
    active: count((one) => isActive(one, viewer.now)),
    approved: count(({ state }) => state === 'approved'),
    over: count(({ state }) => state !== 'pending' && state !== 'approved'),
    hasMore: next !== undefined,
  }
}

interface States {
  readonly stored: readonly RequestState[]
  /** Of the approved ones only those that give access now. */
  readonly activeOnly: boolean
}

function parseStates(text: string | undefined, of: ListRequestsInput['of']): States {
  const words = (text ?? '')
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '')
  if (words.length === 0) return { stored: of === 'review' ? ['pending'] : requestStates, activeOnly: false }
  const unknown = words.find((word) => word !== 'active' && !requestStates.some((state) => state === word))
  if (unknown !== undefined) {
    throw new GatewayError('INVALID_INPUT', `there is no state "${unknown.slice(0, 40)}"`, {
      fields: [{ path: 'query.state', message: `must be of active, ${requestStates.join(', ')}` }],
    })
  }
  const stored = requestStates.filter((state) => words.includes(state))
  const isActiveAlone = words.includes('active') && !stored.includes('approved')
  return { stored: isActiveAlone ? [...stored, 'approved'] : stored, activeOnly: isActiveAlone }
}

function selector(
  viewer: RequestViewer,
  { of, search }: ListRequestsInput,
  activeOnly: boolean,
): (request: AccessRequest) => boolean {
  const words = (search ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return (request) => {
    if (activeOnly && request.state === 'approved' && !isActive(request, viewer.now)) return false
    if (of === 'mine' && !isOwn(viewer, request)) return false
    if (of === 'review' && !mayReviewNow(viewer, request)) return false
    if (of === 'all' && !seesRequest(viewer, request)) return false
    if (words.length === 0) return true
    const text = textOf(viewer, request)
    return words.every((word) => text.includes(word))
  }
}

/** Only what whoever looks may see, or a search would tell it. */
function textOf(viewer: RequestViewer, request: AccessRequest): string {
  const seesName = namesSeen(viewer, request)
  const items = request.items.map((item) => {
    const { name, account } = shownItem(item, viewer, seesName(item.asked))
    return `${item.id} ${name} ${account?.ouPath ?? ''}`
  })
  return [request.id, request.user, request.reason, ...items].join(' ').toLowerCase()
}

async function collect(
  requests: Requests,
  of: { readonly states: readonly RequestState[]; readonly user?: string },
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  isOne: (request: AccessRequest) => boolean,
): Promise<{ readonly items: AccessRequest[]; readonly next: string | undefined }> {
  const items: AccessRequest[] = []
  let before = cursor
  for (let seen = 0; seen < lookedAt; seen += atOnce) {
    const rows = await requests.list({ ...of, limit: atOnce, ...(before !== undefined && { before }) })
    for (const row of rows) {
      if (!isOne(row)) continue
      if (items.length === limit) return { items, next: items.at(-1)?.id }
      items.push(row)
    }
    if (rows.length < atOnce) return { items, next: undefined }
    before = rows.at(-1)?.id
  }
  return { items, next: before }
}

/** Of the newest that wait; more of them than are looked at wait for nobody in particular. */
async function countToReview(requests: Requests, viewer: RequestViewer): Promise<number> {
  if (viewer.reviewer === undefined || !reviewsAtAll(viewer.reviewer)) return 0
  const { items } = await collect(
    requests,
    { states: ['pending'] },
    { limit: lookedAt, cursor: undefined },
    (request) => mayReviewNow(viewer, request),
  )
  return items.length
}
