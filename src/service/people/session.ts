/**
 * @module Sessions after sign-in: found by what carries them, listed, ended. Everything that could end one is
 * looked at on every request, so that a deleted user or a tightened role takes effect at once.
 */
import { sessionLimits } from '../../core/role/session-limits.js'
import { minute, type Instant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import { GatewayError } from '../../core/error.js'
import type { Session } from '../../store/store.js'
import { withAssumed, type Assumed } from '../access-requests/assumed.js'
import { effectiveUser, withListGrants } from '../access/effective.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import { locksOn } from '../locks/in-force.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { Catalog } from '../resources/catalog.js'
import { record } from './record.js'
import { hashToken } from './tokens.js'

export type SessionDeps = ServiceContext & { readonly catalog: Catalog }

/** A session with its person, who has the roles and traits that count now: those of access lists too. `stage: 'password'` opens nothing but the second factor. */
export interface ActiveSession {
  /** With the roles of the requests that the session has assumed. */
  readonly user: User
  readonly session: Session
  /** Undefined where none counts now. */
  readonly assumed?: Assumed | undefined
}

/** Writing down each request would cost a write a request; a minute is exact enough for idle limits. */
const touchEveryMs = minute

/**
 * Finds the session of a cookie, or of the bearer token of a command line; neither opens the other. One that
 * expired, idled too long, lost its user or is locked is nobody's.
 */
export async function findSession(
  deps: SessionDeps,
  token: string,
  client: Session['client'] = 'browser',
): Promise<ActiveSession | undefined> {
  const session = await deps.store.sessions.find(hashToken(token))
  if (session?.client !== client) return undefined
  const catalog = await deps.catalog.read()
  const now = deps.clock.now()
  const own = (await effectiveUser(deps.store.members, catalog, session.user, now))?.user
  if (own === undefined) return undefined
  const live = tighten(catalog, own, session)
  if (isOver(live, now) || isLocked(catalog, own, session, now)) return undefined
  const person = (await assumedNow(deps, catalog, live, own, now)) ?? { user: own }
  if (now - session.lastSeenAt < touchEvery(live)) return { ...person, session: live }
  await deps.store.sessions.touch(session.tokenHash, now)
  return { ...person, session: { ...live, lastSeenAt: now } }
}

/**
 * What is assumed adds to a session that is young and busy enough for the roles that it adds: in another one these do
 * not count, and the session goes on.
 */
async function assumedNow(
  { store }: SessionDeps,
  catalog: CatalogView,
  session: Session,
  own: User,
  now: Instant,
): Promise<Pick<ActiveSession, 'user' | 'assumed'> | undefined> {
  const person = await withAssumed(store.accessRequests, catalog, session, own, now)
  if (person === undefined || isOver(tighten(catalog, person.user, session), now)) return undefined
  return person
}

/** Sessions of this person that are alive, newest first. */
export async function listSessions(deps: SessionDeps, user: User): Promise<Session[]> {
  const now = deps.clock.now()
  const all = await deps.store.sessions.listByUser(user.name)
  const catalog = await deps.catalog.read()
  const person = await withListGrants(deps.store.members, catalog, user, now)
  const live = all.map((session) => tighten(catalog, person, session))
  return live
    .filter((session) => session.stage === 'full' && !isOver(session, now))
    .filter((session) => !isLocked(catalog, person, session, now))
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))
}

/** Ends the session of this cookie, if it is one; a second time changes nothing. */
export async function signOut(deps: ServiceContext, token: string, origin: RequestOrigin): Promise<void> {
  await signOutOf(deps, { tokenHash: hashToken(token) }, origin)
}

/** Ends the session by which a request came, as {@link signOut} does. */
export async function signOutOf(
  deps: ServiceContext,
  { tokenHash }: Pick<Session, 'tokenHash'>,
  origin: RequestOrigin,
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const session = await tx.sessions.find(tokenHash)
    if (session === undefined || !(await tx.sessions.delete(tokenHash))) return
    await record(deps, tx, ended(session.user, session.id, 'signed out'), origin)
  })
}

/** Ends another session of the same person. @throws GatewayError `NOT_FOUND`. */
export async function endSession(
  deps: ServiceContext,
  input: { readonly user: User; readonly id: string },
  origin: RequestOrigin,
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    if (!(await tx.sessions.deleteById(input.user.name, input.id))) {
      throw new GatewayError('NOT_FOUND', 'you have no session with this id; it may have ended already')
    }
    await record(
      deps,
      tx,
      ended(input.user.name, input.id, 'ended by its owner from another session'),
      origin,
    )
  })
}

/**
 * Ends a session of somebody else; `by` is who does it.
 * @throws GatewayError `NOT_FOUND` for a session that this user does not have.
 */
export async function endSessionOf(
  deps: ServiceContext,
  input: { readonly user: string; readonly id: string; readonly by: string },
  origin: RequestOrigin,
): Promise<void> {
  const { user, id, by } = input
  await deps.store.transaction(async (tx) => {
    if (!(await tx.sessions.deleteById(user, id))) {
      throw new GatewayError('NOT_FOUND', `"${user}" has no session with this id; it may have ended already`)
    }
    const fields = { sid: id, name: user }
    await record(deps, tx, { event: 'session.end', success: true, user: by, fields }, origin)
  })
}

function ended(user: string, id: string, message: string) {
  return { event: 'session.end', success: true, user, fields: { sid: id, message } } as const
}

/** Often enough that a session which is used does not idle out between two times. */
function touchEvery({ idleTimeoutMs = Infinity }: Session): number {
  return Math.min(touchEveryMs, idleTimeoutMs / 4)
}

/** Applies what the roles say today to a session that began under what they said then. */
function tighten(catalog: CatalogView, user: User, session: Session): Session {
  const { roles } = catalog.rolesOf(user)
  const { maxSessionTtlMs, clientIdleTimeoutMs } = sessionLimits(roles, catalog.preference())
  return {
    ...session,
    expiresAt: Math.min(session.expiresAt, session.authenticatedAt + maxSessionTtlMs),
    idleTimeoutMs: smallest(session.idleTimeoutMs, clientIdleTimeoutMs),
  }
}

/** A lock ends sessions when it is made; one that came about in spite of it opens nothing either. */
function isLocked(catalog: CatalogView, user: User, { id }: Session, now: number): boolean {
  return locksOn(catalog, { user, session: id }, now).length > 0
}

function isOver(session: Session, now: number): boolean {
  const idleSince = session.lastSeenAt + (session.idleTimeoutMs ?? Infinity)
  return now >= session.expiresAt || now >= idleSince
}

function smallest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}
