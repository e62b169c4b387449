/** @module People and roles as the administration sees them, and the links by which people get their password. */
import { z } from 'zod'

export const userItem = z.object({
  name: z.string(),
  roles: z.array(z.string()),
  /** `local`, or the connector that alone signs this person in. */
  origin: z.string(),
  hasPassword: z.boolean(),
  factors: z.number(),
  createdAt: z.string(),
})
export type UserItem = z.infer<typeof userItem>
export const userListAnswer = z.object({ items: z.array(userItem) })
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
export const resetLinkRequest = z.strictObject({ forgetFactors: z.boolean().default(false) })
/** A one-time link; its token is in the fragment of the URL and shown this once. */
export const linkIssuedAnswer = z.object({ user: z.string(), url: z.string(), expiresAt: z.string() })
export type LinkIssuedAnswer = z.infer<typeof linkIssuedAnswer>

export const roleItem = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string().optional(),
})
export type RoleItem = z.infer<typeof roleItem>
export const roleListAnswer = z.object({ items: z.array(roleItem) })
