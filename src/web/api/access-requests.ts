/**
 * @module Access requests as the pages read and change them: what may be asked for, requests with all that comes of
 * them, and what a person lays aside. What waits or changes is read again every few seconds while somebody looks.
 */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  AccessRequestAnswer,
  AccessRequestShown,
  AccessRequestsAnswer,
  createAccessRequest,
  CreateAccessRequestAnswer,
  extendAccessRequest,
  pickerQuery as pickerInput,
  PickerAnswer,
  promoteAccessRequest,
  PromotionsAnswer,
  putShelfItem as shelfInput,
  RequestCapsAnswer,
  reviewAccessRequest,
  ShelfAnswer,
} from '../../api/contract/access-requests.js'
import { apiPaths } from '../path-builder.js'
import { getJson, sendJson } from './client.js'
import { queryClient } from './query-client.js'

export type PickerShow = z.infer<typeof pickerInput>['show']
export type RequestsOf = 'mine' | 'review' | 'all'
export type ShelfKind = ShelfAnswer['items'][number]['kind']

const accountsAPage = 40
const requestsAPage = 50
/** While something waits or changes. */
const liveMs = 2500
/** While access is there, whose end others may bring forward. */
const steadyMs = 10_000

export const requestPickerQuery = ({ search, show }: { search: string; show: PickerShow }) =>
  infiniteQueryOptions({
    queryKey: ['access-requests', 'picker', search, show],
    queryFn: ({ signal, pageParam }) =>
      getJson<PickerAnswer>(
        apiPaths.requestPicker({ search, show, cursor: pageParam, limit: accountsAPage.toString() }),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

export const requestCapsQuery = queryOptions({
  queryKey: ['access-requests', 'caps'],
  queryFn: ({ signal }) => getJson<RequestCapsAnswer>(apiPaths.requestCaps(), signal),
})

export const shelfQuery = queryOptions({
  queryKey: ['access-requests', 'shelf'],
  queryFn: ({ signal }) => getJson<ShelfAnswer>(apiPaths.shelf(), signal),
})

export interface RequestsFilter {
  readonly of: RequestsOf
  /** Comma separated; empty for all. */
  readonly state: string
  readonly search: string
}

export const accessRequestsQuery = ({ of, state, search }: RequestsFilter) =>
  infiniteQueryOptions({
    queryKey: ['access-requests', 'list', of, state, search],
    queryFn: async ({ signal, pageParam }) => {
      const answer = await getJson<AccessRequestsAnswer>(
        apiPaths.accessRequests({ of, state, search, cursor: pageParam, limit: requestsAPage.toString() }),
        signal,
      )
      // The menu says the same number at the same moment.
      queryClient.setQueryData(toReviewQuery.queryKey, answer)
      return answer
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: 2 * liveMs,
  })

/** How many there are of each state. */
export const requestCountsQuery = ({ of, search }: Omit<RequestsFilter, 'state'>) =>
  queryOptions({
    queryKey: ['access-requests', 'counts', of, search],
    queryFn: ({ signal }) =>
      getJson<AccessRequestsAnswer>(
        apiPaths.accessRequests({ of, search, limit: '1', counts: 'true' }),
        signal,
      ),
    select: ({ counts }) => counts,
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: 2 * liveMs,
  })

/** The latest requests that match, once; for what stands beside a request. */
export const recentRequestsQuery = (search: string) =>
  queryOptions({
    queryKey: ['access-requests', 'recent', search],
    queryFn: ({ signal }) =>
      getJson<AccessRequestsAnswer>(apiPaths.accessRequests({ of: 'all', search, limit: '10' }), signal),
  })

/** How many wait for a decision of this person. */
export const toReviewQuery = queryOptions({
  queryKey: ['access-requests', 'to-review'],
  queryFn: ({ signal }) =>
    getJson<AccessRequestsAnswer>(apiPaths.accessRequests({ of: 'review', limit: '1' }), signal),
  select: ({ toReview }) => toReview,
  refetchInterval: steadyMs,
})

export const accessRequestQuery = (id: string) =>
  queryOptions({
    queryKey: ['access-requests', 'one', id],
    queryFn: async ({ signal }) =>
      (await getJson<AccessRequestAnswer>(apiPaths.accessRequest(id), signal)).request,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data ? paceOf(state.data) : false),
  })

/** How soon a request is worth reading again, in milliseconds; false where nothing more happens. */
export function paceOf({ state, active, items }: AccessRequestShown): number | false {
  if (state === 'pending') return liveMs
  const moves = items.some(({ inAws }) => inAws?.state === 'pending' || (!active && inAws?.state === 'there'))
  if (moves) return liveMs
  // Over, and stuck in AWS: until it is gone.
  if (!active && items.some(({ inAws }) => inAws?.state === 'failed')) return steadyMs
  return state === 'approved' ? (active ? steadyMs : liveMs) : false
}

export const promotionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['access-requests', 'promotions', id],
    queryFn: ({ signal }) => getJson<PromotionsAnswer>(apiPaths.requestPromotions(id), signal),
    staleTime: 0,
  })

export type AskInput = z.input<typeof createAccessRequest>

export function askForAccess(input: AskInput): Promise<CreateAccessRequestAnswer> {
  return sendJson('POST', apiPaths.accessRequests(), input)
}

/** On which terms these could be asked for, or what speaks against it. */
export const askCheckQuery = (input: AskInput) =>
  queryOptions({
    queryKey: ['check', 'access-request', input],
    queryFn: () => askForAccess({ ...input, dryRun: true }),
    retry: false,
    gcTime: 0,
    staleTime: 0,
    placeholderData: keepPreviousData,
  })

export type ReviewInput = z.input<typeof reviewAccessRequest>

export function reviewRequest(id: string, review: ReviewInput): Promise<AccessRequestAnswer> {
  return sendJson('POST', apiPaths.requestReviews(id), review)
}

export type EndOf = 'cancel' | 'release' | 'revoke'

/** `mfaProof` is for a revocation by somebody whose role asks for a second factor. */
export function endRequest(
  id: string,
  how: EndOf,
  input: { reason: string; mfaProof?: string },
): Promise<AccessRequestAnswer> {
  return sendJson('POST', apiPaths.requestEnd(id, how), input)
}

export function extendRequest(
  id: string,
  input: z.input<typeof extendAccessRequest>,
): Promise<CreateAccessRequestAnswer> {
  return sendJson('POST', apiPaths.requestExtend(id), input)
}

export const extendCheckQuery = (id: string, duration: string) =>
  queryOptions({
    queryKey: ['check', 'extend', id, duration],
    queryFn: () => extendRequest(id, { duration, dryRun: true }),
    retry: false,
    gcTime: 0,
    staleTime: 0,
    placeholderData: keepPreviousData,
  })

export function promoteRequest(
  id: string,
  input: z.input<typeof promoteAccessRequest>,
): Promise<AccessRequestAnswer> {
  return sendJson('POST', apiPaths.requestPromote(id), input)
}

export function setAssumed(id: string, assumed: boolean): Promise<unknown> {
  return sendJson(assumed ? 'PUT' : 'DELETE', apiPaths.assumedRequest(id))
}

export function putOnShelf(
  kind: ShelfKind,
  name: string,
  content: z.input<typeof shelfInput>,
): Promise<unknown> {
  return sendJson('PUT', apiPaths.shelfItem(kind, name), content)
}

export function takeOffShelf(kind: ShelfKind, name: string): Promise<unknown> {
  return sendJson('DELETE', apiPaths.shelfItem(kind, name))
}

/** After a change: what the answer tells is shown at once, everything else is read again. */
export function takeInRequest(answer: AccessRequestAnswer): void {
  queryClient.setQueryData(accessRequestQuery(answer.request.id).queryKey, answer.request)
  forgetRequests()
}

export function forgetRequests(): void {
  void queryClient.invalidateQueries({ queryKey: ['access-requests'] })
}
