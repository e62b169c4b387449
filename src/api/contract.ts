/**
 * @module The HTTP contract: paths, request schemas and answer types, shared by the server, the CLI and the web
 * page. Requests are parsed with these schemas at the edge; answers are typed by them. Every error is a problem
 * document (RFC 9457). Unsafe requests from a browser session carry the header {@link csrfHeader}.
 */
import { z } from 'zod'

export { csrfHeader, paths } from './paths.js'

/** RFC 9457. `code` is one of `core/error.ts`. */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: string
  /** Finds the audit event where `audited`, otherwise the line in the gateway's log. */
  reference?: string
  audited?: boolean
  /** Seconds to wait, for `TOO_MANY_ATTEMPTS`. */
  retryAfterSeconds?: number
  /** One entry for each field that is wrong. */
  fields?: { path: string; message: string }[]
}

const userName = z.string().min(1).max(254)
const password = z.string().min(1).max(1024)
const totpCode = z.string().regex(/^\d{6}$/, 'six digits')
const secret = z.string().min(20).max(200)

/** A right is a verb on a resource, as role `rules` write them. */
export interface Right {
  resource: string
  verb: string
}

/** Who is asking, and what the page may show them. */
export interface SessionAnswer {
  clusterName: string
  csrfToken: string
  /** `password`: the second factor is still to come. */
  stage: 'none' | 'password' | 'full'
  user?: { name: string; roles: string[] }
  /** `resource:verb` for each right the navigation asks about. */
  rights: string[]
  expiresAt?: string
}

/** `next` is a path of ours; anything else is ignored in favour of `/`. */
export const signInRequest = z.strictObject({
  user: userName,
  password,
  next: z.string().max(4096).optional(),
})
export type SignInRequest = z.infer<typeof signInRequest>
export const signInTotpRequest = z.strictObject({ code: totpCode, next: z.string().max(4096).optional() })
export type SignInTotpRequest = z.infer<typeof signInTotpRequest>
export type SignInAnswer = { status: 'totp_required' } | { status: 'signed_in'; next: string }

export const stepUpRequest = z.strictObject({ handle: secret, code: totpCode })
export type StepUpRequest = z.infer<typeof stepUpRequest>
/** Where the browser goes on with its sign-in. */
export interface StepUpAnswer {
  next: string
}

/** What the step-up page tells about the sign-in that waits. */
export interface PendingSignInAnswer {
  serviceProvider: string
  entityId: string
  user: string
  /** Without a factor the person must enrol one first, outside the step-up. */
  hasFactor: boolean
  because: string
}

export const linkInspectRequest = z.strictObject({ token: secret })
export interface LinkAnswer {
  kind: 'invite' | 'reset'
  user: string
  expiresAt: string
  /**
   * A seed to enrol, another one each time; a reset keeps the factors that exist and shows none. The ticket is
   * sealed, lives 15 minutes and comes back with the first code.
   */
  totp?: { ticket: string; secret: string; uri: string }
  totpRequired: boolean
}
export const linkRedeemRequest = z.strictObject({
  token: secret,
  password: z.string().min(1).max(1024),
  totp: z.strictObject({ ticket: z.string().max(4096), code: totpCode }).optional(),
})
export type LinkRedeemRequest = z.infer<typeof linkRedeemRequest>

export interface FactorAnswer {
  id: string
  kind: 'totp'
  label: string
  createdAt: string
  lastUsedAt?: string
}
export interface MeAnswer {
  name: string
  roles: string[]
  traits: Record<string, string[]>
  factors: FactorAnswer[]
  passwordChangedAt?: string
}
export const changePasswordRequest = z.strictObject({ current: password, new: password })
/** Adding a factor needs an existing one, or the password where there is none yet. */
export const factorStartRequest = z.strictObject({ password: password.optional(), code: totpCode.optional() })
export interface FactorStartAnswer {
  /** Sealed and short-lived: comes back with the first code. */
  ticket: string
  secret: string
  uri: string
}
export const factorAddRequest = z.strictObject({
  ticket: z.string().max(4096),
  label: z.string().trim().min(1).max(60),
  code: totpCode,
})
export const factorDeleteRequest = z.strictObject({ code: totpCode })

export interface SessionItem {
  id: string
  current: boolean
  createdAt: string
  lastSeenAt: string
  expiresAt: string
  address: string
  userAgent: string
}

/** A tile on the Resources page. `allowed: false` says why, in words for the person. */
export interface AppAnswer {
  name: string
  title: string
  description: string
  entityId: string
  labels: Record<string, string>
  loginUrl: string
  allowed: boolean
  requires: ('session_mfa' | 'trusted_device')[]
  because: string
}

export interface UserItem {
  name: string
  roles: string[]
  origin: string
  hasPassword: boolean
  factors: number
  createdAt: string
}
export const inviteRequest = z.strictObject({
  name: z.string().trim().min(1).max(128),
  roles: z.array(z.string().min(1).max(200)).max(200),
  traits: z
    .record(z.string().min(1).max(100), z.array(z.string().max(1024)).max(100))
    .refine((traits) => Object.keys(traits).length <= 100, 'at most 100 traits')
    .optional(),
  ttlSeconds: z.number().int().min(60).max(172_800).optional(),
})
export type InviteRequest = z.infer<typeof inviteRequest>
export interface LinkIssuedAnswer {
  user: string
  url: string
  expiresAt: string
}
export interface RoleItem {
  name: string
  version: string
  description?: string
}

/** Every list answers with a page of its items. */
export interface Page<T> {
  items: T[]
  /** Give it back as `cursor` for the next page; absent on the last one. */
  nextCursor?: string
}

/** Query of `GET /v1/audit/events`. `type` may be repeated; `from` and `to` are RFC 3339. */
export const auditQuery = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  order: z.enum(['asc', 'desc']).default('desc'),
  type: z
    .union([z.string().max(100), z.array(z.string().max(100)).max(50)])
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .optional(),
  user: z.string().max(254).optional(),
  success: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  uid: z.uuid().optional(),
})
export interface AuditItem {
  sequence: number
  hash: string
  /** The event as it was hashed, byte for byte. */
  json: string
}
export interface AuditHeadItem {
  sequence: number
  hash: string
  signedAt: string
  keyId: string
  signature: string
}
export interface AuditHeadsAnswer {
  heads: AuditHeadItem[]
  last?: { sequence: number; hash: string }
  keys: { id: string; publicKeyPem: string }[]
}

/**
 * What the server embeds in the page as `<script type="application/json" id="page-data">` when the answer to a
 * navigation is a refusal or a problem, so that status code and words come together.
 */
export type PageData =
  | {
      kind: 'refusal'
      reference: string
      user: string
      serviceProvider: string
      title: string
      /** The reason in the person's words, then what to do about it. */
      reasons: string[]
      advice: string[]
      /** True where this person can mend it by themselves: `retryUrl` starts again. */
      retryUrl?: string
    }
  | {
      kind: 'problem'
      title: string
      detail: string
      advice: string[]
      reference?: string
      /** Whether the reference is that of an audit event. */
      audited?: boolean
      retryUrl?: string
    }
