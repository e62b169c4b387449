/**
 * @module Who is asking, may they, and did they mean it. Runs before every handler: finds the session or the
 * operator's token, checks the declared right against the roles, and refuses requests that another site made
 * the browser send. Nothing here trusts the address bar: only the cookie, the roles and the request headers.
 */
import type { Request } from 'express'
import { csrfHeader, type Right } from '../api/contract.js'
import { GatewayError } from '../core/error.js'
import { decideRight } from '../core/role/right.js'
import { findSession } from '../service/people/session.js'
import { equalText, hashToken, csrfToken } from '../service/people/tokens.js'
import { readCookie } from './cookies.js'
import type { HttpDeps } from './deps.js'
import type { Actor, Route, RouteInput } from './route.js'

type Found = Pick<RouteInput<never, never>, 'sessionToken' | 'session' | 'actor'>

/** Finds out who asks. An expired or unknown session is nobody, not an error. */
export async function identify(deps: HttpDeps, req: Request, cookieName: string): Promise<Found> {
  const bearer = /^Bearer ([\w-]{20,200})$/.exec(req.headers.authorization ?? '')?.[1]
  if (bearer !== undefined) {
    const known = equalText(hashToken(bearer), deps.operatorTokenHash)
    return { sessionToken: undefined, session: undefined, actor: known ? { kind: 'operator' } : undefined }
  }
  const sessionToken = readCookie(req.headers.cookie, cookieName)
  const session = sessionToken === undefined ? undefined : await findSession(deps, sessionToken)
  const actor: Actor | undefined =
    session?.session.stage === 'full' ? { kind: 'session', ...session } : undefined
  return { sessionToken, session, actor }
}

/**
 * @throws GatewayError `NOT_SIGNED_IN` without an actor, `FORBIDDEN` where the roles do not allow it, `CSRF`
 * where the request cannot be told from one that another site sent.
 */
export async function authorise(deps: HttpDeps, route: Route, req: Request, found: Found): Promise<void> {
  if (route.method !== 'get' && route.sameOrigin) assertSameOrigin(deps, req, found.sessionToken)
  if (route.right === 'public') return
  if (found.actor === undefined) {
    throw new GatewayError('NOT_SIGNED_IN', 'sign in first; the session is missing or has ended')
  }
  if (route.right === 'session') {
    if (found.actor.kind === 'session') return
    throw new GatewayError('FORBIDDEN', 'this belongs to a person; the operator token does not stand for one')
  }
  if (!(await mayDo(deps, found.actor, route.right))) {
    const { resource, verb } = route.right
    throw new GatewayError(
      'FORBIDDEN',
      `none of your roles allows "${verb}" on "${resource}"; ask an administrator for a role whose rules do`,
      { resource, verb },
    )
  }
}

/**
 * Whether the roles of this actor allow the right. The operator reads the audit log and makes reset links, the way
 * back for administrators who are locked out, and nothing else.
 */
export async function mayDo(deps: HttpDeps, actor: Actor, right: Right): Promise<boolean> {
  if (actor.kind === 'operator') {
    return right.resource === 'event' || (right.resource === 'user' && right.verb === 'update')
  }
  const { roles } = await deps.catalog.rolesOf(actor.user)
  return decideRight(roles, right).effect === 'allow'
}

function assertSameOrigin(deps: HttpDeps, req: Request, sessionToken: string | undefined): void {
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
  if (sessionToken === undefined) return
  const given = req.headers[csrfHeader]
  if (typeof given !== 'string' || !equalText(given, csrfToken(sessionToken))) {
    throw new GatewayError(
      'CSRF',
      `the ${csrfHeader} header is missing or belongs to an older session; reload`,
    )
  }
}
