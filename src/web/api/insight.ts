/** @module Who reaches what, and what somebody reaches, as the pages read it. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { ExplainAccountAnswer, WhoCanAnswer, WhoCouldAnswer } from '../../api/contract.js'
import { apiPaths, type ExplainView, type WhoCanView } from '../path-builder.js'
import { getJson } from './client.js'

const peopleAPage = '25'

export const whoCanQuery = (view: WhoCanView) =>
  infiniteQueryOptions({
    queryKey: ['who-can', view],
    queryFn: ({ signal, pageParam }) =>
      getJson<WhoCanAnswer>(apiPaths.whoCan(view, { cursor: pageParam, limit: peopleAPage }), signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

export const whoCouldQuery = (view: WhoCanView) =>
  queryOptions({
    queryKey: ['who-could', view],
    queryFn: ({ signal }) => getJson<WhoCouldAnswer>(apiPaths.whoCould(view, peopleAPage), signal),
  })

export const explainAccountQuery = (view: Required<Pick<ExplainView, 'user' | 'account'>> & ExplainView) =>
  queryOptions({
    queryKey: ['explain-account', view],
    queryFn: ({ signal }) => getJson<ExplainAccountAnswer>(apiPaths.explainAccount(view), signal),
    staleTime: 0,
  })
