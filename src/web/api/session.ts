/**
 * @module The session as the pages see it: who is signed in and which rights the navigation may count on.
 */
import { useQuery } from '@tanstack/react-query'
import type { SessionAnswer } from '../../api/contract.js'
import { apiPaths } from '../path-builder.js'
import { getSession, sendJson } from './client.js'
import { sessionQuery } from './queries.js'
import { queryClient } from './query-client.js'

/** Rights that the navigation asks about, as `resource:verb`. */
export const rights = {
  listUsers: 'user:list',
  inviteUsers: 'user:create',
  resetUsers: 'user:update',
  readAudit: 'event:list',
  listRoles: 'role:list',
  createRoles: 'role:create',
  listConnectors: 'oidc:list',
  listLocks: 'lock:list',
  createLocks: 'lock:create',
  listTokens: 'token:list',
  listDevices: 'device:list',
  enrollDevices: 'device:create_enroll_token',
  listSessions: 'session:list',
  endSessions: 'session:delete',
  readUsers: 'user:read',
  createServiceProviders: 'saml_idp_service_provider:create',
  rotateTokens: 'token:rotate',
  updateWebhooks: 'webhook:update',
  rotateWebhooks: 'webhook:rotate',
  readKeys: 'cert_authority:read',
  rotateKeys: 'cert_authority:rotate',
  listPlugins: 'plugin:list',
  createPlugins: 'plugin:create',
  updatePlugins: 'plugin:update',
  deletePlugins: 'plugin:delete',
  /** Of requests: given by `review_requests` alone. */
  reviewRequests: 'access_request:review',
  readAccessLists: 'access_list:read',
  createAccessLists: 'access_list:create',
  updateAccessLists: 'access_list:update',
} as const

/** Whether the session has this right; the server asks again on every call. */
export function useRight(right: string): boolean {
  const { data } = useQuery(sessionQuery)
  return data?.rights.includes(right) ?? false
}

/** Reads the session anew after it changed; what the previous person saw is forgotten first. */
export async function renewSession(): Promise<SessionAnswer> {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
  const session = await getSession()
  queryClient.setQueryData(sessionQuery.queryKey, session)
  return session
}

export async function signOut(): Promise<void> {
  await sendJson('DELETE', apiPaths.session())
  await renewSession()
}
