/**
 * @module What a route is. Each file in `routes/` states method, path, right and input before its handler, and
 * the handler returns an Answer; cookies, headers and status are written in one place, `respond.ts`. The right
 * is checked by `guard.ts` before the handler runs, so a route cannot forget it: it would not compile.
 */
import { z } from 'zod'
import { GatewayError } from '../core/error.js'
import type { PageData, Right } from '../api/contract.js'
import { sayProblem } from '../api/resource/problem-words.js'
import type { Token } from '../core/token/token.js'
import type { User } from '../core/user/user.js'
import type { Authority } from '../service/authority.js'
import type { RequestOrigin } from '../service/context.js'
import type { ActiveSession } from '../service/people/session.js'
import type { Directory } from '../service/directory/deps.js'
import type { HttpDeps } from './deps.js'
import type { StreamMessage } from './event-stream.js'

/**
 * Who may call a route.
 * `public`: anyone. `session`: a signed-in person, for what is their own. `documents`: a person or a machine user
 * who may create or update resources of some kind; the use case checks each document that they send. `directory`: an
 * upstream directory with a SCIM token of its connector. A Right: whom the roles allow.
 */
export type RouteRight = 'public' | 'session' | 'documents' | 'directory' | Right

/**
 * A person with a full session (cookie of a browser, bearer token of a command line), a machine user with its API
 * token, or the operator of this machine with the token of its data folder.
 */
export type Actor = { readonly authority: Authority } & (
  | ({ readonly kind: 'session' } & ActiveSession)
  | { readonly kind: 'machine'; readonly user: User; readonly token: Token }
  | { readonly kind: 'operator' }
)

/** A body of resources as it came: one YAML text of one or more documents, or JSON. `body.ts` makes it. */
export const sentDocuments = z.object({ format: z.enum(['yaml', 'json']), text: z.string() })
export type SentDocuments = z.infer<typeof sentDocuments>

/**
 * What a route answers when it succeeds, for `/v1/openapi.json` and the contract test. `json`: with the schema of the
 * body, from `api/contract.ts`; `yaml` where the same route also answers `Accept: application/yaml`, `stream` where also
 * `text/event-stream`. `browser`: a
 * redirect, a page or a form that posts itself. The others have no schema.
 */
export type AnswerShape =
  | {
      readonly kind: 'json'
      readonly schema: z.ZodType
      readonly status?: 200 | 201
      readonly yaml?: true
      readonly stream?: true
    }
  /** RFC 7644; its schemas are told by the endpoint itself. */
  | { readonly kind: 'scim'; readonly status?: 200 | 201 }
  | { readonly kind: 'empty' | 'xml' | 'text' | 'browser' }

export interface RouteInput<Body, Query> {
  readonly body: Body
  readonly query: Query
  readonly params: Readonly<Record<string, string>>
  /** Query string exactly as it came, without `?`: signatures of the Redirect binding cover its octets. */
  readonly rawQuery: string
  readonly origin: RequestOrigin
  /** Whether `Accept` prefers application/yaml to application/json. */
  readonly wantsYaml: boolean
  /** For what takes its time: whether the reader is still there, and still may. */
  readonly follow: {
    /** Whether `Accept` prefers text/event-stream. */
    readonly wantsStream: boolean
    /** A number; what a reader of a stream had last. */
    readonly lastEventId: string | undefined
    /** Aborted once the connection has closed. */
    readonly gone: () => AbortSignal
    /** Judges the credential and the right anew. @throws GatewayError as at the beginning of the request. */
    readonly assertAdmitted: () => Promise<void>
  }
  /** As they came; `etag.ts` reads them. */
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
  /** The session cookie as it came, valid or not. */
  readonly sessionToken: string | undefined
  /** The cookie that binds sign-ins through connectors to this browser. */
  readonly connectorBinding: string | undefined
  /** The session that the cookie or the bearer token opens, whatever its stage. */
  readonly session: ActiveSession | undefined
  readonly actor: Actor | undefined
  /** Which directory asks, for a route whose right is `directory`. */
  readonly directory: Directory | undefined
  /** Every route of this server, for the answers that tell what there is. */
  readonly routes: readonly Route[]
  readonly deps: HttpDeps
}

/** Cookie changes that go with an answer: a new session token, or none any more. */
interface CookieChange {
  readonly setSession?: { readonly token: string; readonly expiresAt: number }
  readonly clearSession?: true
  /** Binds a sign-in through a connector to this browser, until it is over. */
  readonly bindConnector?: string
}

/** For answers that a client may keep and ask again about (RFC 9110 8.8.3), or that have a next page. */
export interface AnswerHeaders {
  /** With its quotes. */
  readonly etag?: string
  /** Path and query of the next page, for formats that cannot say it in the body (RFC 8288). */
  readonly next?: string
  /** The same for everyone, so that shared caches may keep it, and ask each time whether it still holds. */
  readonly shared?: true
  /** The same for everyone, and good for so many seconds without asking. */
  readonly publicForS?: number
}

export type Answer = CookieChange &
  (
    | ({ readonly kind: 'json'; readonly body: unknown; readonly status?: number } & AnswerHeaders)
    | ({ readonly kind: 'yaml'; readonly text: string; readonly status?: number } & AnswerHeaders)
    /** Goes on until the messages end or the reader has gone. */
    | { readonly kind: 'events'; readonly messages: AsyncIterable<readonly StreamMessage[]> }
    /** 304: what the client has is what there is. */
    | ({ readonly kind: 'not_modified' } & AnswerHeaders & { readonly etag: string })
    | ({
        readonly kind: 'scim'
        readonly body: unknown
        readonly status?: number
        /** Address of what was made. */
        readonly location?: string
      } & AnswerHeaders)
    | { readonly kind: 'empty' }
    | {
        readonly kind: 'text'
        readonly text: string
        readonly contentType: string
        /** For what people keep as a file. */
        readonly fileName?: string
      }
    /** Written as it comes, no faster than the reader takes it; when it fails, the connection ends in the middle. */
    | {
        readonly kind: 'stream'
        readonly chunks: AsyncIterable<string | Uint8Array>
        readonly contentType: string
        readonly fileName: string
        readonly headers?: Readonly<Record<string, string>>
      }
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
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly path: string
  readonly right: RouteRight
  /** One sentence for readers of the interface: what it does. */
  readonly summary: string
  readonly answer: AnswerShape
  /** Whether the operator token may call it; it has no other rights. */
  readonly operator: boolean
  /** Whether a machine user may call a route whose right is `session`. */
  readonly machine: boolean
  /**
   * Whether the use case decides for each resource by itself. Only then may somebody in whose rules a `where`
   * stands, which cannot be judged without a resource, come this far.
   */
  readonly scoped: boolean
  /** Another right that is enough to come this far, where the use case asks for the one that the question takes. */
  readonly orRight: Right | undefined
  readonly bodyKind: 'none' | 'json' | 'form' | 'documents' | 'scim'
  /** JSON of up to 4 MiB, in place of 64 KiB. */
  readonly largeBody: boolean
  /** What the two parsers below read, for the description of the interface. */
  readonly bodySchema: z.ZodType | undefined
  readonly querySchema: z.ZodType | undefined
  /** Answers a kept sign-in, so HEAD, which browsers and link checkers send for a look, must not reach it. */
  readonly getOnly: boolean
  /** False only for what other sites must be able to post: it then changes nothing for the person. */
  readonly sameOrigin: boolean
  readonly parseBody: (body: unknown) => unknown
  readonly parseQuery: (query: unknown) => unknown
  readonly handler: (input: RouteInput<never, never>) => Promise<Answer>
}

/**
 * Declares a route; see {@link RouteRight} for `right`, {@link AnswerShape} for `answer`. An example:
 * `summary: 'The accounts of the organisation', answer: { kind: 'json', schema: accountsAnswer }`.
 */
export function route<Body = undefined, Query = undefined>(definition: {
  method: Route['method']
  path: string
  right: RouteRight
  summary: string
  answer: AnswerShape
  operator?: true
  machine?: true
  scoped?: true
  orRight?: Right
  body?: z.ZodType<Body>
  largeBody?: true
  form?: z.ZodType<Body>
  /** The body is resources, in YAML or JSON: the handler gets {@link SentDocuments}. */
  documents?: z.ZodType<Body>
  /** JSON of up to 1 MiB as `application/scim+json`; the use case reads it by its schemas. */
  scim?: z.ZodType<Body>
  query?: z.ZodType<Query>
  sameOrigin?: false
  getOnly?: true
  handler: (input: RouteInput<Body, Query>) => Promise<Answer>
}): Route {
  const { method, path, right, summary, answer, body, form, documents, scim, query, handler } = definition
  const schema = body ?? form ?? documents ?? scim
  return {
    method,
    path,
    right,
    summary,
    answer,
    operator: definition.operator ?? false,
    machine: definition.machine ?? false,
    scoped: definition.scoped ?? false,
    orRight: definition.orRight,
    bodyKind: body ? 'json' : form ? 'form' : documents ? 'documents' : scim ? 'scim' : 'none',
    largeBody: definition.largeBody ?? false,
    bodySchema: schema,
    querySchema: query,
    sameOrigin: definition.sameOrigin ?? true,
    getOnly: definition.getOnly ?? false,
    parseBody: (value) => (schema ? parseInput(schema, value, 'body') : undefined),
    parseQuery: (value) => (query ? parseInput(query, value, 'query') : undefined),
    // `never` accepts every Body and Query; the two parsers above make exactly those of this handler.
    handler,
  }
}

function parseInput<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const parsed = schema.safeParse(value, { error: sayProblem })
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
