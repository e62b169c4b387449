/**
 * @module Who is asking, may they, and did they mean it. Runs before every handler: finds the session, the machine
 * user or the operator, checks the declared right against the roles, and refuses requests that another site made
 * the browser send. Nothing here trusts the address bar: only the credential, the roles and the request headers.
 */
import type { Request } from 'express'
import { csrfHeader, mfaProofHeader, type Right } from '../api/contract.js'
import { GatewayError } from '../core/error.js'
import { describeRequest } from '../core/mfa/request-subject.js'
import { decideRight } from '../core/role/right.js'
import type { User } from '../core/user/user.js'
import { sha256Hex } from '../lib/sha256.js'
import { operatorAuthority, type Authority } from '../service/authority.js'
import type { RequestOrigin } from '../service/context.js'
import { authenticateDirectory } from '../service/directory/authenticate.js'
import { findBearer } from '../service/people/bearer.js'
import { findSession } from '../service/people/session.js'
import { csrfToken, equalText, hashToken } from '../service/people/tokens.js'
import { readCookie } from './cookies.js'
import type { HttpDeps } from './deps.js'
import { actorName } from './person.js'
import type { Actor, Route, RouteInput } from './route.js'

type Found = Pick<RouteInput<never, never>, 'sessionToken' | 'session' | 'actor' | 'directory'>

const nobody: Found = {
  sessionToken: undefined,
  session: undefined,
  actor: undefined,
  directory: undefined,
}

/**
 * Finds out which directory asks. Its tokens open nothing else, and nothing else opens what is for directories.
 * @throws GatewayError `NOT_SIGNED_IN`, `TOO_MANY_ATTEMPTS`.
 */
export async function identifyDirectory(deps: HttpDeps, req: Request, origin: RequestOrigin): Promise<Found> {
  const bearer = readBearer(req)
  const token = bearer === '' ? undefined : bearer
  return { ...nobody, directory: await authenticateDirectory(deps, token, origin) }
}

/**
 * Finds out who asks. An expired or unknown credential is nobody, not an error. A request with a bearer token is
 * judged by it alone: falling back to the cookie would let a wrong token act as whoever uses the browser.
 */
export async function identify(
  deps: HttpDeps,
  req: Request,
  cookieName: string,
  origin: RequestOrigin,
): Promise<Found> {
  const bearer = readBearer(req)
  if (bearer !== undefined) return await identifyBearer(deps, bearer, origin)
  const sessionToken = readCookie(req.headers.cookie, cookieName)
  const session = sessionToken === undefined ? undefined : await findSession(deps, sessionToken)
  if (session?.session.client !== 'browser') return { ...nobody, sessionToken }
  return { ...nobody, sessionToken, session, actor: await personActor(deps, session) }
}

async function identifyBearer(deps: HttpDeps, token: string, origin: RequestOrigin): Promise<Found> {
  if (token === '') return nobody
  if (equalText(hashToken(token), deps.operatorTokenHash)) {
    return { ...nobody, actor: { kind: 'operator', authority: operatorAuthority } }
  }
  const found = await findBearer(deps, token, origin)
  if (found === undefined) return nobody
  const { user } = found
  if (found.kind === 'session') {
    const session = { user, session: found.session, assumed: found.assumed }
    return { ...nobody, session, actor: await personActor(deps, session) }
  }
  const authority = await authorityOf(deps, 'machine', user)
  return { ...nobody, actor: { kind: 'machine', user, token: found.token, authority } }
}

async function personActor(
  deps: HttpDeps,
  { user, session, assumed }: NonNullable<Found['session']>,
): Promise<Actor | undefined> {
  if (session.stage !== 'full') return undefined
  return { kind: 'session', user, session, assumed, authority: await authorityOf(deps, 'person', user) }
}

async function authorityOf(deps: HttpDeps, kind: 'person' | 'machine', user: User): Promise<Authority> {
  const catalog = await deps.catalog.read()
  const { roles } = catalog.rolesOf(user)
  return { name: user.name, kind, user: catalog.withEveryRoleName(user), roles, inventory: catalog.inventory }
}

/** With what a change may be confirmed by, for people. `body` as it came. */
export function withConfirmation(found: Found, req: Request, body: unknown): Found {
  const { actor } = found
  if (actor?.kind !== 'session' || req.method === 'GET') return found
  const given = req.headers[mfaProofHeader]
  const confirmation = {
    sessionId: actor.session.id,
    subject: sha256Hex(describeRequest({ method: req.method, url: req.originalUrl, body })),
    proof: typeof given === 'string' && given.length <= 200 ? given : undefined,
  }
  return { ...found, actor: { ...actor, authority: { ...actor.authority, confirmation } } }
}

/** The bearer token of a request (RFC 6750 2.1), empty where it is none; undefined without this scheme. */
function readBearer(req: Request): string | undefined {
  const header = req.headers.authorization
  if (header === undefined || !/^bearer( |$)/i.test(header)) return undefined
  return /^bearer +([\w-]{20,200})$/i.exec(header)?.[1] ?? ''
}

/**
 * @throws GatewayError `NOT_SIGNED_IN` without an actor, `FORBIDDEN` where the roles do not allow it, `CSRF`
 * where the request cannot be told from one that another site sent.
 */
export function authorise(deps: HttpDeps, route: Route, req: Request, found: Found): void {
  // A bearer token is not sent by the browser on its own, so no other site can make it be sent.
  if (route.method !== 'get' && route.sameOrigin && readBearer(req) === undefined) {
    assertSameOrigin(deps, req, found.sessionToken)
  }
  // The Lax cookie goes with links of other sites; what only GET reaches under a right of roles writes to the log or is costly.
  if (route.getOnly && typeof route.right === 'object' && readBearer(req) === undefined) {
    assertNotCrossSite(deps, req)
  }
  // Without a directory `identifyDirectory` threw.
  if (route.right === 'public' || route.right === 'directory') return
  const { actor } = found
  if (actor === undefined) {
    throw new GatewayError('NOT_SIGNED_IN', 'sign in first; the session or token is missing or has ended')
  }
  if (actor.kind === 'operator') assertForOperator(route)
  else if (route.right === 'session') assertForSession(route, actor)
  else if (route.right === 'documents') assertMayWriteSome(deps, actor)
  else if (![route.right, route.orRight].some((right) => right && mayDo(actor, right, route.scoped))) {
    const { resource, verb } = route.right
    throw new GatewayError(
      'FORBIDDEN',
      `none of your roles allows "${verb}" on "${resource}"; ask an administrator for a role whose rules do`,
      { resource, verb },
    )
  }
}

/** The operator's token has no roles: it opens the routes that say so, the way back in, and nothing else. */
function assertForOperator(route: Route): void {
  if (route.operator) return
  const words =
    typeof route.right === 'object'
      ? `the operator token does not allow "${route.right.verb}" on "${route.right.resource}"; sign in as a person whose roles do`
      : 'this belongs to a person; the operator token does not stand for one'
  throw new GatewayError('FORBIDDEN', words)
}

function assertForSession(route: Route, actor: Actor): void {
  if (actor.kind === 'session' || route.machine) return
  throw new GatewayError(
    'FORBIDDEN',
    `this belongs to a person; ${actorName(actor)} is a machine user, so sign in as a person`,
  )
}

/** Which documents, the use case decides; who may write none of any kind is not even read. */
function assertMayWriteSome({ kinds }: HttpDeps, actor: Actor): void {
  const mayWrite = ({ name: resource }: { readonly name: string }) =>
    ['create', 'update'].some((verb) => mayDo(actor, { resource, verb }, true))
  if (kinds.all.some(mayWrite)) return
  throw new GatewayError(
    'FORBIDDEN',
    'none of your roles allows "create" or "update" on any kind of resource; ask an administrator for a role whose rules do',
  )
}

/** Whether the roles of this actor allow the right; `scoped` counts what hangs on the particular resource as a yes. */
export function mayDo({ authority }: Actor, right: Right, scoped = false): boolean {
  const { user } = authority
  const { effect } = decideRight(authority.roles, right, user && { user })
  return scoped ? effect !== 'deny' : effect === 'allow'
}

function assertNotCrossSite(deps: HttpDeps, req: Request): void {
  const { origin } = req.headers
  const site = req.headers['sec-fetch-site']
  if (
    (origin !== undefined && origin !== deps.publicUrl) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none')
  ) {
    throw new GatewayError(
      'CSRF',
      `this request came from another site; open ${deps.publicUrl} and try again`,
    )
  }
}

function assertSameOrigin(deps: HttpDeps, req: Request, sessionToken: string | undefined): void {
  assertNotCrossSite(deps, req)
  if (sessionToken === undefined) return
  const given = req.headers[csrfHeader]
  if (typeof given !== 'string' || !equalText(given, csrfToken(sessionToken))) {
    throw new GatewayError(
      'CSRF',
      `the ${csrfHeader} header is missing or belongs to an older session; reload`,
    )
  }
}
