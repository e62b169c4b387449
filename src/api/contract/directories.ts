/** @module Upstream directories that push users and groups by SCIM: their tokens, and the changes that wait for a person. */
import { z } from 'zod'

export const directoryTokenItem = z.object({
  id: z.string(),
  label: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  expiresAt: z.string(),
  expired: z.boolean(),
  /** Exact to a minute. */
  lastUsedAt: z.string().optional(),
  lastUsedFrom: z.string().optional(),
})
export type DirectoryTokenItem = z.infer<typeof directoryTokenItem>

export const directoryTokensAnswer = z.object({
  /** What the directory is told as its base URL. */
  baseUrl: z.string(),
  items: z.array(directoryTokenItem),
  /** How much the directory pushed that is here now, by this connector. */
  pushed: z.object({ users: z.number(), groups: z.number() }),
})
export type DirectoryTokensAnswer = z.infer<typeof directoryTokensAnswer>

export const addDirectoryTokenRequest = z.strictObject({
  label: z.string().max(200).default('').describe('What it is for'),
  expiresAt: z.string().optional().describe('RFC 3339; in a year without'),
})

export const addDirectoryTokenAnswer = z.object({
  baseUrl: z.string(),
  token: directoryTokenItem,
  /** Shown this once. */
  secret: z.string(),
})
export type AddDirectoryTokenAnswer = z.infer<typeof addDirectoryTokenAnswer>

export const heldChangeItem = z.object({
  key: z.string(),
  state: z.enum(['waiting', 'released', 'refused']),
  /** What the directory wants to do. */
  what: z.string(),
  /** Why it waits. */
  says: z.string(),
  firstAt: z.string(),
  /** When the directory tried last. */
  lastAt: z.string(),
  tries: z.number(),
  decidedBy: z.string().optional(),
  decidedAt: z.string().optional(),
})
export type HeldChangeItem = z.infer<typeof heldChangeItem>

export const heldChangesAnswer = z.object({ items: z.array(heldChangeItem) })
export type HeldChangesAnswer = z.infer<typeof heldChangesAnswer>

export const decideHeldRequest = z.strictObject({
  decision: z.enum(['release', 'refuse']),
  keys: z
    .array(z.string().max(100))
    .min(1)
    .max(1000)
    .describe('Of the changes that are meant, as they were read'),
})
