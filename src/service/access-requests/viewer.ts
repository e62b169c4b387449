/**
 * @module Who looks at access requests, and what they see of them: the requester, whoever may review something of it, and
 * whoever a role allows to read requests. To everyone else a request does not exist. What a session has assumed does not
 * count for reviewing; rules of roles on `access_request` count as for any kind.
 */
import { mayReviewSome } from '../../core/access-request/reviewers.js'
import { isRequester } from '../../core/access-request/transition.js'
import type { AccessRequest } from '../../core/access-request/access-request.js'
import { rolesOfRequest } from '../../core/access-request/may-request.js'
import type { Reviewer, RequestWorld } from '../../core/access-request/world.js'
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { ServiceContext } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { mayOnResource } from '../resources/may.js'
import { findReviewer, personSince, withMeans } from './people.js'
import { requestWorld } from './world.js'

export interface RequestViewer {
  readonly authority: Authority
  readonly view: CatalogView
  readonly world: RequestWorld
  readonly now: Instant
  /** Undefined for whoever reviews nothing: the operator, and somebody who was removed meanwhile. */
  readonly reviewer: Reviewer | undefined
  /** Ids of the requests that the session of whoever looks has assumed. */
  readonly assumed: readonly string[]
}

/** Who asks: in whose name, and with which assumed requests. */
export interface Asking {
  readonly authority: Authority
  readonly assumed?: readonly string[]
  /** Public id of the session of a person. */
  readonly sessionId?: string
}

/** `store` may be a transaction, and `view` what it sees. */
export async function loadRequestViewer(
  { clock }: Pick<ServiceContext, 'clock'>,
  store: Pick<StoreTransaction, 'members' | 'audit' | 'credentials' | 'passkeys'>,
  view: CatalogView,
  { authority, assumed = [] }: Asking,
): Promise<RequestViewer> {
  const now = clock.now()
  return {
    authority,
    view,
    world: requestWorld(view),
    now,
    reviewer: await findOwnReviewer(store, view, authority, now),
    assumed,
  }
}

/** People alone decide: who holds the secret of a machine user is not known, and might be the requester (T29). */
export async function findOwnReviewer(
  store: Pick<StoreTransaction, 'members' | 'credentials' | 'passkeys'>,
  view: CatalogView,
  { name, kind }: Authority,
  now: Instant,
): Promise<Reviewer | undefined> {
  const reviewer = kind === 'person' ? await findReviewer(store.members, view, name, now) : undefined
  return reviewer && (await withMeans(store, view, reviewer))
}

/** Whether this is the name of the person who looks. */
export function isSelf({ authority }: RequestViewer, user: string): boolean {
  return authority.kind === 'person' && isRequester({ user }, authority.name)
}

/** Whether the person who looks is the one who asked: what somebody before them asked for under their name is not theirs. */
export function isOwn(viewer: RequestViewer, { user, createdAt }: AccessRequest): boolean {
  return isSelf(viewer, user) && createdAt >= personSince(viewer.view, viewer.authority.name)
}

/** Whether a role allows it on this request. */
export function mayOnRequest(
  { authority, world }: RequestViewer,
  verb: 'list' | 'read' | 'update' | 'delete',
  request: AccessRequest,
): boolean {
  const right = { resource: 'access_request', verb }
  const { effect } = mayOnResource(authority, right)
  if (effect !== 'conditional') return effect === 'allow'
  return mayOnResource(authority, right, documentOf(request, world)).effect === 'allow'
}

/** The request as conditions of rules see it. */
function documentOf({ id, user, state, reason, items }: AccessRequest, world: RequestWorld): object {
  return {
    kind: 'access_request',
    version: 'v3',
    metadata: { name: id },
    spec: { user, state: state.toUpperCase(), request_reason: reason, roles: rolesOfRequest(items, world) },
  }
}

export function seesRequest(viewer: RequestViewer, request: AccessRequest): boolean {
  if (isOwn(viewer, request)) return true
  if (mayOnRequest(viewer, 'read', request) || mayOnRequest(viewer, 'list', request)) return true
  return viewer.reviewer !== undefined && mayReviewSome(viewer.reviewer, request, viewer.world)
}

/** The answer for one that is not there, and for one that somebody may not see: the same. */
export function noSuchRequest(id: string): GatewayError {
  const shown = id.slice(0, 100)
  return new GatewayError('NOT_FOUND', `there is no access request "${shown}"`, {
    kind: 'access_request',
    name: shown,
  })
}
