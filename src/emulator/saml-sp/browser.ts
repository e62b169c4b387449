/**
 * @module The two cookies: `emu_browser` marks the browser that was sent to the identity provider, `emu_portal`
 * is the portal session. Names are our own because the gateway may run on the same host, where cookies do not
 * tell ports apart.
 */
import type { Request, Response } from 'express'
import type { EmulatorContext } from '../context.js'
import type { PortalSession } from '../state/sign-in.js'
import type { User } from '../state/user.js'

const browserCookie = 'emu_browser'
const portalCookie = 'emu_portal'
const secret = /^[A-Za-z0-9_-]{43}$/

function readCookie(req: Request, name: string): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
  return value !== undefined && secret.test(value) ? value : undefined
}

export function readBrowserId(req: Request): string | undefined {
  return readCookie(req, browserCookie)
}

/** The mark of this browser, made now where it has none. */
export function ensureBrowserId(context: EmulatorContext, req: Request, res: Response): string {
  const known = readBrowserId(req)
  if (known !== undefined) return known
  const id = context.random.secret()
  res.cookie(browserCookie, id, { httpOnly: true, sameSite: 'lax', path: '/' })
  return id
}

export function startPortalSession(context: EmulatorContext, res: Response, session: PortalSession): void {
  const token = context.random.secret()
  context.state.portalSessions.set(token, session)
  res.cookie(portalCookie, token, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    expires: new Date(session.expiresAt),
  })
}

/** Who is signed in to the portal: the session lives and the user is still there and active. */
export function findPortalUser(
  context: EmulatorContext,
  req: Request,
): { readonly user: User; readonly session: PortalSession } | undefined {
  const session = context.state.portalSessions.get(readCookie(req, portalCookie) ?? '')
  if (session === undefined || session.expiresAt <= context.clock.now()) return undefined
  const user = context.state.tables.users.get(session.userId)
  return user?.active === true ? { user, session } : undefined
}

export function endPortalSession(context: EmulatorContext, req: Request, res: Response): void {
  context.state.portalSessions.delete(readCookie(req, portalCookie) ?? '')
  res.clearCookie(portalCookie, { httpOnly: true, sameSite: 'lax', path: '/' })
}
