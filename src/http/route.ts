/**
 * @module What a route is. Each file in `routes/` states method, path, right and input before its handler, and
 * the handler returns an Answer; cookies, headers and status are written in one place, `respond.ts`. The right
 * is checked by `guard.ts` before the handler runs, so a route cannot forget it: it would not compile.
 */
import type { z } from 'zod'
import { GatewayError } from '../core/error.js'
import type { PageData, Right } from '../api/contract.js'
import type { User } from '../core/user/user.js'
import type { RequestOrigin } from '../service/context.js'
import type { Session } from '../store/store.js'
import type { HttpDeps } from './deps.js'

/**
 * Who may call a route.
 * `public`: anyone. `session`: a signed-in person, for what is their own. A Right: whom the roles allow.
 */
export type RouteRight = 'public' | 'session' | Right

/** A person with a full session, or the operator of this machine with the token of its data folder. */
export type Actor =
  { readonly kind: 'session'; readonly user: User; readonly session: Session } | { readonly kind: 'operator' }

export interface RouteInput<Body, Query> {
  readonly body: Body
  readonly query: Query
  readonly params: Readonly<Record<string, string>>
  /** Query string exactly as it came, without `?`: signatures of the Redirect binding cover its octets. */
  readonly rawQuery: string
  readonly origin: RequestOrigin
  /** The session cookie as it came, valid or not. */
  readonly sessionToken: string | undefined
  /** The session that the cookie opens, whatever its stage. */
  readonly session: { readonly user: User; readonly session: Session } | undefined
  readonly actor: Actor | undefined
  readonly deps: HttpDeps
}

/** Cookie changes that go with an answer: a new session token, or none any more. */
interface CookieChange {
  readonly setSession?: { readonly token: string; readonly expiresAt: number }
  readonly clearSession?: true
}

export type Answer = CookieChange &
  (
    | { readonly kind: 'json'; readonly body: unknown; readonly status?: number }
    | { readonly kind: 'empty' }
    | { readonly kind: 'redirect'; readonly location: string }
    | {
        readonly kind: 'xml'
        readonly body: string
        readonly contentType: string
        readonly fileName?: string
      }
    | { readonly kind: 'html'; readonly html: string; readonly contentSecurityPolicy: string }
    /** The web page; with data it shows that refusal or problem instead of what its URL says. */
    | { readonly kind: 'page'; readonly status: number; readonly data?: PageData }
  )

export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  readonly path: string
  readonly right: RouteRight
  readonly bodyKind: 'none' | 'json' | 'form'
  /** Answers a kept sign-in, so HEAD, which browsers and link checkers send for a look, must not reach it. */
  readonly getOnly: boolean
  /** False only for what other sites must be able to post: it then changes nothing for the person. */
  readonly sameOrigin: boolean
  readonly parseBody: (body: unknown) => unknown
  readonly parseQuery: (query: unknown) => unknown
  readonly handler: (input: RouteInput<never, never>) => Promise<Answer>
}

/** Declares a route; see {@link RouteRight} for `right`. */
export function route<Body = undefined, Query = undefined>(definition: {
  method: Route['method']
  path: string
  right: RouteRight
  body?: z.ZodType<Body>
  form?: z.ZodType<Body>
  query?: z.ZodType<Query>
  sameOrigin?: false
  getOnly?: true
  handler: (input: RouteInput<Body, Query>) => Promise<Answer>
}): Route {
  const { method, path, right, body, form, query, handler } = definition
  const schema = body ?? form
  return {
    method,
    path,
    right,
    bodyKind: body ? 'json' : form ? 'form' : 'none',
    sameOrigin: definition.sameOrigin ?? true,
    getOnly: definition.getOnly ?? false,
    parseBody: (value) => (schema ? parseInput(schema, value, 'body') : undefined),
    parseQuery: (value) => (query ? parseInput(query, value, 'query') : undefined),
    // `never` accepts every Body and Query; the two parsers above make exactly those of this handler.
    handler,
  }
}

function parseInput<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new GatewayError('INVALID_INPUT', `the ${place} of this request is not as expected`, {
    fields: parsed.error.issues.map((issue) => ({
      path: [place, ...issue.path].join('.'),
      message: issue.message,
    })),
  })
}

/** Answers with JSON. */
export function json(body: unknown, status = 200): Extract<Answer, { kind: 'json' }> {
  return { kind: 'json', body, status }
}
