/**
 * @module What the pages read, one definition each: key, URL and how long an answer stays fresh.
 */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type {
  AppAnswer,
  AuditHeadsAnswer,
  AuditItem,
  AuditSearchAnswer,
  LinkAnswer,
  MeAnswer,
  Page,
  PendingSignInAnswer,
  RoleItem,
  SessionItem,
  UserItem,
} from '../../api/contract.js'
import { apiPaths, type AuditView } from '../path-builder.js'
import { isSearch } from '../ui/audit-view.js'
import { getAll, getJson, getSession, sendJson } from './client.js'

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => getSession(signal),
  staleTime: 60_000,
})

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getJson<MeAnswer>(apiPaths.me(), signal),
})

export const mySessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: async ({ signal }) => (await getJson<Page<SessionItem>>(apiPaths.meSessions(), signal)).items,
})

export const appsQuery = queryOptions({
  queryKey: ['apps'],
  queryFn: ({ signal }) => getAll<AppAnswer>(apiPaths.apps, signal),
})

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => getAll<UserItem>(apiPaths.users, signal),
})

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => getAll<RoleItem>(apiPaths.roles, signal),
})

export const pendingSignInQuery = (handle: string) =>
  queryOptions({
    queryKey: ['pending-sign-in', handle],
    queryFn: ({ signal }) => getJson<PendingSignInAnswer>(apiPaths.pendingSignIn(handle), signal),
    staleTime: Infinity,
  })

/** A POST that changes nothing: the token stays out of URLs, and so out of access logs. */
export const linkQuery = (token: string) =>
  queryOptions({
    queryKey: ['link', token],
    queryFn: () => sendJson<LinkAnswer>('POST', apiPaths.linkInspect(), { token }),
    staleTime: Infinity,
    gcTime: 0,
  })

export const auditQuery = (view: AuditView) =>
  infiniteQueryOptions({
    queryKey: ['audit', auditKey(view)],
    queryFn: ({ signal, pageParam }) =>
      getJson<Page<AuditItem> & Pick<AuditSearchAnswer, 'searchedTo'>>(
        (isSearch(view) ? apiPaths.auditSearch : apiPaths.auditEvents)(view, pageParam),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    // A changed filter keeps the rows until the new ones are there: what a person is about to click stays put.
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })

/** The newest page of the same view, read again and again to tell how much is new. */
export const auditNewestQuery = (view: AuditView) =>
  queryOptions({
    queryKey: ['audit-newest', auditKey(view)],
    queryFn: ({ signal }) => getJson<Page<AuditItem>>(apiPaths.auditEvents(view), signal),
    refetchInterval: 10_000,
    staleTime: 0,
  })

export const auditEventQuery = (uid: string) =>
  queryOptions({
    queryKey: ['audit-event', uid],
    queryFn: ({ signal }) => getJson<Page<AuditItem>>(apiPaths.auditEvents({ uid }), signal),
    staleTime: Infinity,
  })

export const auditHeadsQuery = queryOptions({
  queryKey: ['audit-heads'],
  queryFn: ({ signal }) => getJson<AuditHeadsAnswer>(apiPaths.auditHeads(), signal),
  refetchInterval: 10_000,
})

function auditKey({ details: _, ...filters }: AuditView) {
  return filters
}
