/**
 * @module Groups of the identity store and who is in them. AWS has no nested groups.
 */
import { z } from 'zod'
import { principalId } from './user.js'

export const GroupSchema = z.strictObject({
  id: principalId,
  displayName: z.string().min(1).max(1024),
  description: z.string().max(1024).default(''),
  /** User names of the members. */
  members: z.array(z.string()).default([]),
})

export interface Group {
  readonly id: string
  readonly displayName: string
  readonly description: string
}

export interface Membership {
  readonly groupId: string
  readonly userId: string
}
