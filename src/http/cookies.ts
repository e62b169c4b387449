/**
 * @module The session cookie. `__Host-` binds it to this exact host over a secure channel (RFC 6265bis 4.1.3);
 * browsers grant that to https and to http://localhost. Elsewhere (a bare loopback address) it goes without.
 */
import type { CookieOptions } from 'express'
import { minute } from '../core/time.js'

export interface SessionCookie {
  readonly name: string
  readonly options: CookieOptions
}

/** The cookie's name and attributes for this public URL. Lax: a SAML request arrives from another site. */
export function sessionCookie(publicUrl: string): SessionCookie {
  const { protocol, hostname } = new URL(publicUrl)
  const secure = protocol === 'https:' || hostname === 'localhost'
  return {
    name: secure ? '__Host-gatehouse' : 'gatehouse',
    options: { httpOnly: true, secure, sameSite: 'lax', path: '/' },
  }
}

/** The cookie that binds a sign-in through a connector to the browser that began it. */
export function connectorCookie(publicUrl: string): SessionCookie {
  const { name, options } = sessionCookie(publicUrl)
  return { name: `${name}-connector`, options: { ...options, maxAge: connectorCookieMs } }
}

/** As long as a sign-in waits for its upstream. */
const connectorCookieMs = 10 * minute

/** Finds one cookie in a Cookie header; a name that occurs twice is not believed (cookie tossing). */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  return values.length === 1 && /^[\w-]{20,100}$/.test(values[0] ?? '') ? values[0] : undefined
}
