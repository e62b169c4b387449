/**
 * @module Locks on access requests: one that is locked counts nowhere as long as the lock holds, nor does what goes on with
 * it. Taking it back, giving it back and revoking it stay possible, for they take away. Asked at each use; nothing is
 * written into the request.
 */
import type { AccessRequest } from '../../core/access-request/access-request.js'
import { describeLockout } from '../../core/lock/describe.js'
import { findLocks, type Lock } from '../../core/lock/lock.js'
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { listExtended } from './extensions.js'

type Requests = Pick<StoreTransaction, 'accessRequests'>

/** The locks in force on the request or on one that it goes on with; the store is asked only where some request is locked. */
export async function locksOnRequest(
  store: { readonly accessRequests: Pick<Requests['accessRequests'], 'find'> },
  view: CatalogView,
  request: AccessRequest,
  now: Instant,
): Promise<Lock[]> {
  const locks = view.locks().filter(({ target }) => target.kind === 'access_request')
  if (locks.length === 0) return []
  const chain = request.extends === undefined ? [request] : [request, ...(await listExtended(store, request))]
  return chain.flatMap(({ id }) => findLocks(locks, { accessRequest: id }, now))
}

/** Those of the requests on which no lock is in force. */
export async function withoutLocked(
  store: Parameters<typeof locksOnRequest>[0],
  view: CatalogView,
  requests: readonly AccessRequest[],
  now: Instant,
): Promise<AccessRequest[]> {
  const free: AccessRequest[] = []
  for (const request of requests) {
    if ((await locksOnRequest(store, view, request, now)).length === 0) free.push(request)
  }
  return free
}

/** In a sentence or two, for whoever sees the request; undefined where it is free. */
export async function sayRequestLocked(
  store: Parameters<typeof locksOnRequest>[0],
  view: CatalogView,
  request: AccessRequest,
  now: Instant,
): Promise<string | undefined> {
  const says = describeLockout(await locksOnRequest(store, view, request, now))
  return says.length === 0 ? undefined : says.map((one) => one.replace(/[.\s]*$/, '.')).join(' ')
}

/** @throws GatewayError `CONFLICT` where it is locked. */
export async function assertRequestFree(
  store: Parameters<typeof locksOnRequest>[0],
  view: CatalogView,
  request: AccessRequest,
  now: Instant,
): Promise<void> {
  const says = await sayRequestLocked(store, view, request, now)
  if (says !== undefined) throw new GatewayError('CONFLICT', says)
}
