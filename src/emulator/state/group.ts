/**
 * @module Groups of the identity store and who is in them. AWS has no nested groups.
 */
import { z } from 'zod'
import { principalId, type Stamps } from './user.js'

/** A line of `groups` in an organisation file. */
export const GroupSchema = z.strictObject({
  id: principalId,
  displayName: z.string().min(1).max(1024),
  description: z.string().max(1024).optional(),
  externalId: z.string().min(1).max(256).optional(),
  /** User names of the members. */
  members: z.array(z.string()).default([]),
})

export interface GroupAttributes {
  readonly displayName: string
  readonly description?: string
  readonly externalId?: string
}

export interface Group extends GroupAttributes, Stamps {
  readonly id: string
}

export interface Membership extends Stamps {
  readonly id: string
  readonly groupId: string
  readonly userId: string
}
