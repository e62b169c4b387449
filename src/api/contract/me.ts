/** @module A person's own settings: password, second factors, sessions; and the applications they may open. */
import { z } from 'zod'
import { passkeyAssertion, passkeyCreation } from './passkeys.js'
import { password, totpCode } from './shared.js'

export const factorAnswer = z.object({
  id: z.string(),
  kind: z.enum(['totp', 'passkey']),
  label: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string().optional(),
  /** False where the cluster has switched factors of its kind off. */
  usable: z.boolean(),
  /** Of a passkey: whether copies of it are kept elsewhere. */
  synced: z.boolean().optional(),
})
export type FactorAnswer = z.infer<typeof factorAnswer>
export const roleSource = z.object({
  role: z.string(),
  /** Held by the person, as administrators or connectors say. */
  isOwn: z.boolean(),
  /** Access lists that give it to the person as a member or as an owner. */
  lists: z.array(z.object({ name: z.string(), title: z.string(), side: z.enum(['member', 'owner']) })),
  /** Neither: an access request gives it for a time. */
  byRequest: z.boolean(),
})
export const meAnswer = z.object({
  name: z.string(),
  roles: z.array(z.string()),
  /** One for each of `roles`. */
  roleSources: z.array(roleSource),
  traits: z.record(z.string(), z.array(z.string())),
  factors: z.array(factorAnswer),
  /** Kinds of factors that may be added. */
  factorKinds: z.array(z.enum(['totp', 'passkey'])),
  passwordChangedAt: z.string().optional(),
  /** Absent where none were made. */
  recoveryCodes: z.object({ left: z.number(), createdAt: z.string() }).optional(),
  /** This session began with a recovery code: for a short while the password adds a factor. */
  recovering: z.literal(true).optional(),
})
export type MeAnswer = z.infer<typeof meAnswer>
export const changePasswordRequest = z.strictObject({ current: password, new: password })
/** Adding a factor needs an existing one, or the password where there is none yet. */
export const factorStartRequest = z.strictObject({
  password: password.optional(),
  code: totpCode.optional(),
  passkey: passkeyAssertion.optional(),
})
export const factorStartAnswer = z.object({
  /** Sealed and short-lived: comes back with the first code. */
  ticket: z.string(),
  secret: z.string(),
  uri: z.string(),
})
export type FactorStartAnswer = z.infer<typeof factorStartAnswer>
export const factorAddRequest = z.strictObject({
  ticket: z.string().max(4096),
  label: z.string().trim().min(1).max(60),
  code: totpCode,
})
export const passkeyAddRequest = z.strictObject({
  label: z.string().trim().min(1).max(60),
  passkey: passkeyCreation,
})
export const factorRenameRequest = z.strictObject({ label: z.string().trim().min(1).max(60) })
/** One of the two. */
export const factorDeleteRequest = z.strictObject({
  code: totpCode.optional(),
  passkey: passkeyAssertion.optional(),
})

/** One of the two. */
export const recoveryCodesRequest = factorDeleteRequest
/** Told this once. */
export const recoveryCodesAnswer = z.object({ codes: z.array(z.string()) })
export type RecoveryCodesAnswer = z.infer<typeof recoveryCodesAnswer>

export const sessionItem = z.object({
  id: z.string(),
  client: z.enum(['browser', 'cli']),
  /** What a command line calls its machine. */
  label: z.string().optional(),
  current: z.boolean(),
  createdAt: z.string(),
  lastSeenAt: z.string(),
  expiresAt: z.string(),
  address: z.string(),
  userAgent: z.string(),
})
export type SessionItem = z.infer<typeof sessionItem>
export const sessionListAnswer = z.object({ items: z.array(sessionItem) })

/** A tile on the Resources page. `allowed: false` says why, in words for the person. */
export const appAnswer = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  entityId: z.string(),
  labels: z.record(z.string(), z.string()),
  loginUrl: z.string(),
  allowed: z.boolean(),
  requires: z.array(z.enum(['session_mfa', 'trusted_device'])),
  because: z.string(),
})
export type AppAnswer = z.infer<typeof appAnswer>
export const appListAnswer = z.object({ items: z.array(appAnswer) })
