/**
 * @module Users of the identity store.
 */
import { z } from 'zod'

/** Identity store ids of users and groups: UUID-like, with an optional prefix of older stores. */
export const principalId = z
  .string()
  .regex(
    /^([0-9a-f]{10}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    'is not an identity store id (UUID-like)',
  )

export const UserSchema = z.strictObject({
  id: principalId,
  userName: z
    .string()
    .regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u, 'is not 1 to 128 characters without spaces'),
  displayName: z.string().min(1).max(1024),
  givenName: z.string().min(1).max(1024),
  familyName: z.string().min(1).max(1024),
  active: z.boolean().default(true),
})

export type User = Readonly<z.infer<typeof UserSchema>>
