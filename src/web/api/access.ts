/**
 * @module Who may what, as the pages read it: effective access, what a role gives and to whom, explanations,
 * sessions of others, and the accounts and permission sets to choose from.
 */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  AccessAnswer,
  accountsAnswer,
  applicationAccessAnswer,
  ExplainAnswer,
  Page,
  permissionSetsAnswer,
  RoleHoldersAnswer,
  SessionItem,
} from '../../api/contract.js'
import { apiPaths, type ExplainView } from '../path-builder.js'
import { getJson } from './client.js'

/** Whose access: a person's, or what a role gives whoever holds it. */
export interface AccessOf {
  readonly kind: 'user' | 'role'
  readonly name: string
}

const accountsAPage = 50

export const accessQuery = ({ kind, name }: AccessOf, search: string) =>
  infiniteQueryOptions({
    queryKey: ['access', kind, name, search],
    queryFn: ({ signal, pageParam }) => {
      const url = kind === 'user' ? apiPaths.userAccess : apiPaths.roleAccess
      return getJson<AccessAnswer>(url(name, { search, cursor: pageParam, limit: accountsAPage }), signal)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

export const applicationsQuery = ({ kind, name }: AccessOf) =>
  queryOptions({
    queryKey: ['applications', kind, name],
    queryFn: async ({ signal }) => {
      const url = kind === 'user' ? apiPaths.userApplications(name) : apiPaths.roleApplications(name)
      return (await getJson<z.infer<typeof applicationAccessAnswer>>(url, signal)).items
    },
  })

export const roleHoldersQuery = (name: string) =>
  infiniteQueryOptions({
    queryKey: ['holders', name],
    queryFn: ({ signal, pageParam }) =>
      getJson<RoleHoldersAnswer>(apiPaths.roleHolders(name, { cursor: pageParam, limit: 100 }), signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  })

export const explainQuery = (view: ExplainView) =>
  queryOptions({
    queryKey: ['explain', view],
    queryFn: ({ signal }) => getJson<ExplainAnswer>(apiPaths.explain(view), signal),
    staleTime: 0,
  })

/** Somebody's session, as the list of them tells it. */
export type OthersSession = SessionItem & { readonly client?: 'browser' | 'cli' }

export const userSessionsQuery = (name: string) =>
  queryOptions({
    queryKey: ['sessions', name],
    queryFn: async ({ signal }) =>
      (await getJson<Page<OthersSession>>(apiPaths.userSessions(name), signal)).items,
  })

export const accountSearchQuery = (search: string, limit = 20) =>
  queryOptions({
    queryKey: ['inventory', 'accounts', search, limit],
    queryFn: ({ signal }) =>
      getJson<z.infer<typeof accountsAnswer>>(apiPaths.accounts({ search, limit }), signal),
    placeholderData: keepPreviousData,
  })

export const permissionSetSearchQuery = (search: string, limit = 20) =>
  queryOptions({
    queryKey: ['inventory', 'permission-sets', search, limit],
    queryFn: ({ signal }) =>
      getJson<z.infer<typeof permissionSetsAnswer>>(apiPaths.permissionSets({ search, limit }), signal),
    placeholderData: keepPreviousData,
  })
