/**
 * @module Signing in a command line through the browser: RFC 8252 (loopback redirect) with RFC 7636 (PKCE, S256).
 * The page asks the person, `cliAuthorizationRequest` makes a code good for a minute, the command line redeems it.
 */
import { z } from 'zod'

const challenge = z.string().regex(/^[\w-]{43}$/, 'a base64url SHA-256')
const port = z.number().int().min(1024).max(65_535)

/** Query of the page `/cli-sign-in`. */
export const cliSignInQuery = z.strictObject({
  challenge,
  port: z.coerce.number().pipe(port),
  state: z.string().regex(/^[\w-]{22,100}$/),
  /** What the command line calls its machine, for the person and the list of sessions. */
  host: z.string().max(100).default('a command line'),
})
export const cliAuthorizationRequest = z.strictObject({
  challenge,
  port,
  state: z.string().regex(/^[\w-]{22,100}$/),
  host: z.string().max(100),
})
/** `http://127.0.0.1:PORT/callback?code=...&state=...` */
export const cliAuthorizationAnswer = z.object({ redirectUrl: z.string(), expiresAt: z.string() })

export const cliTokenRequest = z.strictObject({
  code: z.string().min(20).max(200),
  /** RFC 7636 §4.1 */
  verifier: z.string().regex(/^[\w.~-]{43,128}$/),
  port,
})
export const cliTokenAnswer = z.object({ token: z.string(), user: z.string(), expiresAt: z.string() })
export type CliTokenAnswer = z.infer<typeof cliTokenAnswer>
