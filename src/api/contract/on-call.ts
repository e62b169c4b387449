/** @module Lists of who is on call, which rules of automatic review ask. Instants are RFC 3339. */
import { z } from 'zod'

/** The whole list: whoever is not named is not on call. */
export const putOnCallList = z.strictObject({
  users: z.array(z.string().min(1).max(128)).max(1000),
  /** Nobody is on call from then on; without it until the list is written anew. */
  until: z.string().max(40).optional(),
})

export const onCallItem = z.object({
  name: z.string(),
  users: z.array(z.string()),
  until: z.string().optional(),
  /** Its time is over: nobody is on call by it. */
  over: z.boolean(),
  updatedAt: z.string(),
  updatedBy: z.string(),
})
export type OnCallItem = z.infer<typeof onCallItem>

export const onCallListsAnswer = z.object({ items: z.array(onCallItem) })
export const onCallAnswer = z.object({ list: onCallItem })
export const putOnCallAnswer = z.object({
  list: onCallItem,
  /** Names that nobody has here, for those who may read users. */
  notes: z.array(z.string()),
})
