/**
 * @module The SCIM tokens of a plugin over HTTP: what is told of them, giving one, testing one. A token itself is in a
 * request and in no answer.
 */
import { z } from 'zod'

const instant = z.string()

export const scimTokenItem = z.object({
  slot: z.union([z.literal(1), z.literal(2)]),
  inUse: z.boolean(),
  addedAt: instant,
  addedBy: z.string(),
  expiresAt: instant,
  daysLeft: z.number(),
  state: z.enum(['ok', 'expiring', 'expired', 'refused']),
})
export const scimAnswer = z.object({
  baseUrl: z.string().optional(),
  tokens: z.array(scimTokenItem),
  warnings: z.array(z.string()),
})
export type ScimAnswer = z.infer<typeof scimAnswer>
/** The base URL is that of the plugin resource; giving another changes it there and needs the token, too. */
export const putScimTokenRequest = z.strictObject({
  baseUrl: z.string().min(1).max(500).optional(),
  token: z.string().min(1).max(10_000),
  expiresAt: instant.optional(),
  slot: z.union([z.literal(1), z.literal(2)]).optional(),
  /** Keep it without the test that writes and removes a user; whether the endpoint is this instance's is looked at. */
  skipTest: z.boolean().default(false),
})
export const scimTestAnswer = z.object({
  ok: z.boolean(),
  steps: z.array(
    z.object({
      name: z.string(),
      ok: z.boolean(),
      says: z.string(),
      /** What to do where it failed and something is known to help. */
      remedy: z.string().optional(),
    }),
  ),
})
export const putScimTokenAnswer = z.object({
  saved: z.boolean(),
  test: scimTestAnswer.optional(),
  scim: scimAnswer,
})
