/**
 * @module What is kept of access requests, and what a person lays aside for their next one. A request is one value with
 * its reviews and its history; what it is found by has columns.
 */
import type { AccessRequest, RequestState } from '../core/access-request/access-request.js'
import type { OnCallList } from '../core/access-request/on-call.js'
import type { Instant } from '../core/time.js'

export interface RequestPage {
  readonly user?: string
  readonly states?: readonly RequestState[]
  readonly limit: number
  /** Id of the last one of the page before. */
  readonly before?: string
}

export interface AccessRequestStore {
  find(id: string): Promise<AccessRequest | undefined>
  /** Its revision is 1. @throws GatewayError `ALREADY_EXISTS`. */
  create(request: AccessRequest): Promise<void>
  /**
   * Writes what was changed from the revision that the value has; it is one higher afterwards.
   * @throws GatewayError `REVISION_MISMATCH` where somebody was faster, `NOT_FOUND`.
   */
  update(request: AccessRequest): Promise<AccessRequest>
  /** Newest first. */
  list(page: RequestPage): Promise<AccessRequest[]>
  /** Those approved, activated or to be, whose end is not over, by id. */
  listApproved(now: Instant): Promise<AccessRequest[]>
  countPending(user: string): Promise<number>
  /** What time ends or begins next: a wait, a start, an end; of those requests the ids, soonest first. */
  listDue(now: Instant, limit: number): Promise<AccessRequest[]>
  nextDueAt(): Promise<Instant | undefined>
  /**
   * Those that wait or give access by their rows and cannot be read: they are in no list, and give nothing. `says` names
   * the request and what is wrong.
   */
  listUnreadable(): Promise<{ readonly id: string; readonly says: string }[]>
  delete(id: string): Promise<boolean>
  /** Grows with every committed write, on any replica. */
  generation(): Promise<number>
}

/** A favourite or a template of one person; `document` is as the contract of the HTTP interface says. */
export interface ShelfItem {
  readonly user: string
  readonly kind: 'favourite' | 'template'
  readonly name: string
  readonly document: unknown
  readonly updatedAt: Instant
}

export interface ShelfStore {
  list(user: string): Promise<ShelfItem[]>
  /** Adds or replaces. Answers false where the person has `limit` others of this kind. */
  put(item: ShelfItem, limit: number): Promise<boolean>
  delete(user: string, kind: ShelfItem['kind'], name: string): Promise<boolean>
  deleteAll(user: string): Promise<void>
}

/** Who is on call, as programs told. Lists whose time is over stay until they are replaced or deleted. */
export interface OnCallStore {
  find(name: string): Promise<OnCallList | undefined>
  /** By name. */
  list(): Promise<OnCallList[]>
  /** Adds or replaces. Answers false where there are `limit` other lists. */
  put(list: OnCallList, limit: number): Promise<boolean>
  delete(name: string): Promise<boolean>
}
