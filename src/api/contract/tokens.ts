/** @module API tokens of machine users: what lists show beside the resource, and a new secret. */
import { z } from 'zod'

export const tokenItem = z.object({
  name: z.string(),
  description: z.string().optional(),
  roles: z.array(z.string()),
  expiresAt: z.string(),
  /** `no_secret`: nothing opens with it until it is rotated. */
  state: z.enum(['active', 'expired', 'locked', 'no_secret']),
  /** When the secret was made that is good now. */
  secretCreatedAt: z.string().optional(),
  /** Exact to a minute. */
  lastUsedAt: z.string().optional(),
  lastUsedFrom: z.string().optional(),
})
export type TokenItem = z.infer<typeof tokenItem>
export const tokenListAnswer = z.object({ items: z.array(tokenItem) })
export type TokenListAnswer = z.infer<typeof tokenListAnswer>

export const tokenRotateAnswer = z.object({
  name: z.string(),
  /** Shown this once. */
  secret: z.string(),
  expiresAt: z.string(),
})
export type TokenRotateAnswer = z.infer<typeof tokenRotateAnswer>
