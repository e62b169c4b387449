/** @module Reviews of access lists: the one in progress, its decisions, and those that are finished. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  decideAnswer,
  decideRequest,
  ReviewAnswer,
  SubmitReviewAnswer,
  submitReviewRequest,
} from '../../api/contract/access-lists.js'
import type { FinishedDecisionsAnswer, ReviewsAnswer } from '../../api/contract/list-reviews.js'
import { apiPaths } from '../path-builder.js'
import { getJson, sendJson } from './client.js'

export type ReviewMember = ReviewAnswer['items'][number]
export type Shown = 'all' | 'open' | 'keep' | 'remove'
export type Decision = 'keep' | 'remove' | 'open'

export const reviewQuery = (list: string, { search, show }: { search: string; show: Shown }) =>
  infiniteQueryOptions({
    queryKey: ['access-lists', 'review', list, search, show],
    queryFn: ({ signal, pageParam }) =>
      getJson<ReviewAnswer>(
        apiPaths.listReview(list, { search, show, cursor: pageParam, limit: '100' }),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    // What a person decides is in the page at once; nothing moves below their hands because of a new answer.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  })

export const finishedReviewsQuery = (list: string) =>
  infiniteQueryOptions({
    queryKey: ['access-lists', 'reviews', list],
    queryFn: ({ signal, pageParam }) => getJson<ReviewsAnswer>(apiPaths.listReviews(list, pageParam), signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  })

export const finishedDecisionsQuery = (
  list: string,
  review: string,
  { search, show }: { search: string; show: 'all' | 'keep' | 'remove' },
) =>
  infiniteQueryOptions({
    queryKey: ['access-lists', 'reviews', list, review, search, show],
    queryFn: ({ signal, pageParam }) =>
      getJson<FinishedDecisionsAnswer>(
        apiPaths.finishedDecisions(list, review, { search, show, cursor: pageParam, limit: '50' }),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    // It is over: it changes no more.
    staleTime: Infinity,
  })

export type Decisions = z.input<typeof decideRequest>

export function decide(list: string, decisions: Decisions): Promise<z.infer<typeof decideAnswer>> {
  return sendJson('POST', apiPaths.decideReview(list), decisions)
}

export type Submission = z.input<typeof submitReviewRequest>

export function submitReview(list: string, submission: Submission): Promise<SubmitReviewAnswer> {
  return sendJson('POST', apiPaths.submitReview(list), submission)
}

/** What finishing would do, asked with every change of what is to be finished. */
export const submissionQuery = (list: string, submission: Submission) =>
  queryOptions({
    queryKey: ['check', 'review', list, submission],
    queryFn: () => submitReview(list, { ...submission, dryRun: true }),
    retry: false,
    gcTime: 0,
    staleTime: 0,
    placeholderData: keepPreviousData,
  })
