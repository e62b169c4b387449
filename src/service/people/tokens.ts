/**
 * @module Tokens that stand for something: cookies, links, handles. Only their SHA-256 is kept; 256 random bits
 * need no salt and no slow hash.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** The form in which a token is stored and looked up: base64url SHA-256. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/**
 * The CSRF token of a session: a page that can read it can read the session's answers already, and it gives
 * nothing back about the cookie.
 */
export function csrfToken(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('gatehouse csrf').digest('base64url')
}

/** Compares two texts in a time that does not depend on where they differ, nor on their lengths. */
export function equalText(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
