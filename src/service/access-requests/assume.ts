/**
 * @module Assuming a request in a session, and dropping it: its roles count in that session from then on, as long as the
 * request gives access. Access in AWS does not hang on it. A session is its person's own, and so is the request.
 */
import { assumedRoles, isActive } from '../../core/access-request/grants.js'
import type { AccessRequest } from '../../core/access-request/access-request.js'
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { Session, StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { record } from '../people/record.js'
import { assumedLimit } from './assumed.js'
import type { AccessRequestDeps } from './deps.js'
import { requestFacts } from './events.js'
import { assertRequestFree } from './locked.js'
import { isOwn, loadRequestViewer, noSuchRequest, type RequestViewer } from './viewer.js'

export interface AssumeInput {
  readonly id: string
  readonly session: Pick<Session, 'tokenHash' | 'id'>
  readonly authority: Authority
  readonly origin: RequestOrigin | undefined
}

/** A second time changes nothing. @throws GatewayError `NOT_FOUND`, `CONFLICT` with why it cannot be assumed. */
export async function assumeRequest(deps: AccessRequestDeps, input: AssumeInput): Promise<void> {
  await changeAssumed(deps, input, 'assumed', async (tx, viewer, request, held) => {
    if (request === undefined) throw noSuchRequest(input.id)
    if (held.includes(request.id)) return undefined
    assertAssumable(request, viewer)
    await assertRequestFree(tx, viewer.view, request, viewer.now)
    const live = await keepLive(tx, held, viewer.now)
    if (live.length >= assumedLimit) {
      throw new GatewayError(
        'CONFLICT',
        `A session assumes at most ${assumedLimit} requests; drop one first.`,
      )
    }
    return [...live, request.id]
  })
}

/** A second time changes nothing, and of one that is over neither. @throws GatewayError `NOT_FOUND`. */
export async function dropRequest(deps: AccessRequestDeps, input: AssumeInput): Promise<void> {
  await changeAssumed(deps, input, 'dropped', (_tx, _viewer, request, held) => {
    if (request === undefined && !held.includes(input.id)) throw noSuchRequest(input.id)
    return held.includes(input.id) ? held.filter((id) => id !== input.id) : undefined
  })
}

type Assumed = readonly string[]

async function changeAssumed(
  deps: AccessRequestDeps,
  { id, session, authority, origin }: AssumeInput,
  action: 'assumed' | 'dropped',
  change: (
    tx: StoreTransaction,
    viewer: RequestViewer,
    request: AccessRequest | undefined,
    held: Assumed,
  ) => Assumed | undefined | Promise<Assumed | undefined>,
): Promise<void> {
  await deps.catalog.read()
  await deps.store.transaction(async (tx) => {
    const viewer = await loadRequestViewer(deps, tx, await deps.catalog.readIn(tx), { authority })
    const found = await tx.accessRequests.find(id)
    const request = found !== undefined && isOwn(viewer, found) ? found : undefined
    const { assumed: held = [] } = (await tx.sessions.find(session.tokenHash)) ?? {}
    const next = await change(tx, viewer, request, held)
    if (next === undefined) return
    await tx.sessions.setAssumed(session.tokenHash, next)
    if (request === undefined) return
    const by = authority.name
    const { clusterName } = deps
    const fields = { action, sid: session.id }
    await record(
      deps,
      tx,
      requestFacts({ event: 'access_request.update', request, by, clusterName, fields }),
      origin,
    )
  })
}

function assertAssumable(request: AccessRequest, { now, world }: RequestViewer): void {
  if (!isActive(request, now)) {
    throw new GatewayError('CONFLICT', 'Only a request that gives access now is assumed.')
  }
  const { roles, ofApps } = assumedRoles([request], world, now)
  if (roles.length > 0 || ofApps.size > 0) return
  const says = request.items.some(({ asked, state }) => asked.kind === 'role' && state === 'approved')
    ? 'The roles of the request were changed since its approval, so that they no longer count; ask again.'
    : 'It has account assignments alone: they are in AWS, and nothing of it is assumed.'
  throw new GatewayError('CONFLICT', says)
}

async function keepLive(tx: StoreTransaction, held: Assumed, now: Instant): Promise<string[]> {
  const live: string[] = []
  for (const id of held) {
    const request = await tx.accessRequests.find(id)
    if (request !== undefined && isActive(request, now)) live.push(id)
  }
  return live
}
