/**
 * @module The requests that somebody may see, newest first, by page: their own, those that wait for their decision, or
 * all. What the store cannot tell is looked at row by row, a bounded number for one answer; the next page goes on there.
 */
import type { z } from 'zod'
import type { AccessRequestsAnswer, accessRequestsQuery } from '../../api/contract/access-requests.js'
import {
  requestStates,
  type AccessRequest,
  type RequestState,
} from '../../core/access-request/access-request.js'
import { isActive } from '../../core/access-request/grants.js'
import { GatewayError } from '../../core/error.js'
import type { StoreTransaction } from '../../store/store.js'
import type { AccessRequestDeps } from './deps.js'
import { mayReviewNow, showRow } from './show-request.js'
import { namesSeen, shownItem } from './shown-items.js'
import { loadRequestViewer, seesRequest, type Asking, type RequestViewer } from './viewer.js'

export type ListRequestsInput = z.infer<typeof accessRequestsQuery>

/** Rows that are read at once, and for one answer. */
const atOnce = 200
const lookedAt = 2000

/** @throws GatewayError `INVALID_INPUT` for a state that there is not. */
export async function listRequests(
  deps: Pick<AccessRequestDeps, 'store' | 'catalog' | 'clock'>,
  input: ListRequestsInput,
  asking: Asking,
): Promise<AccessRequestsAnswer> {
  const { accessRequests } = deps.store
  const viewer = await loadRequestViewer(deps, deps.store, await deps.catalog.read(), asking)
  const { of, limit, cursor } = input
  const states = parseStates(input.state, of)
  const isMine = of === 'mine'
  const { name, kind } = asking.authority
  const found =
    isMine && kind !== 'person'
      ? { items: [], next: undefined }
      : await collect(
          accessRequests,
          { states: states.stored, ...(isMine && { user: name }) },
          { limit, cursor },
          selector(viewer, input, states.activeOnly),
        )
  return {
    items: found.items.map((request) => showRow(viewer, request)),
    ...(found.next !== undefined && { nextCursor: found.next }),
    toReview: await countToReview(accessRequests, viewer),
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
  requests: Pick<StoreTransaction['accessRequests'], 'list'>,
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
async function countToReview(
  requests: Pick<StoreTransaction['accessRequests'], 'list'>,
  viewer: RequestViewer,
): Promise<number> {
  if (!viewer.reviewer?.roles.some(({ allow }) => allow.reviewRequests !== undefined)) return 0
  const { items } = await collect(
    requests,
    { states: ['pending'] },
    { limit: lookedAt, cursor: undefined },
    (request) => mayReviewNow(viewer, request),
  )
  return items.length
}
