/** @module Reviews of access lists that are finished, and what a review changes in AWS by account. */
import { z } from 'zod'

/** RFC 3339. */
const instant = z.string()
const memberKind = z.enum(['user', 'list'])
const cursor = z.string().max(1000).optional()
const limit = z.coerce.number().int().min(1).max(200).default(50)

/** What changes in one account in AWS. */
export const accountEffect = z.object({
  accountId: z.string(),
  /** With its id. */
  account: z.string(),
  permissionSets: z.array(
    z.object({
      permissionSet: z.string(),
      /** Who has it no more, by name; the first 100. */
      lose: z.array(z.string()),
      loseCount: z.number(),
      /** Who gets it, since a role that denied it to them goes; the first 100. */
      gain: z.array(z.string()),
      gainCount: z.number(),
    }),
  ),
})
export const finishedReview = z.object({
  id: z.string(),
  reviewedAt: instant,
  dueAt: instant.optional(),
  reviewers: z.array(z.string()),
  /** Who finished it; absent in reviews from before this was kept. */
  submittedBy: z.string().optional(),
  notes: z.string(),
  kept: z.number(),
  removed: z.array(z.object({ kind: memberKind, name: z.string(), note: z.string() })),
  changes: z.array(z.string()),
  nextDueAt: instant.optional(),
})
export const reviewsAnswer = z.object({ items: z.array(finishedReview), nextCursor: z.string().optional() })
export type ReviewsAnswer = z.infer<typeof reviewsAnswer>

export const finishedDecisionsQuery = z.strictObject({
  search: z.string().max(200).optional(),
  show: z.enum(['all', 'keep', 'remove']).default('all'),
  cursor,
  limit,
})
export const finishedDecisionsAnswer = z.object({
  /** By kind and name; none of a review from before this was kept. */
  items: z.array(
    z.object({
      kind: memberKind,
      name: z.string(),
      title: z.string().optional(),
      decision: z.enum(['keep', 'remove']),
      note: z.string(),
      by: z.string(),
    }),
  ),
  nextCursor: z.string().optional(),
  total: z.number(),
})
export type FinishedDecisionsAnswer = z.infer<typeof finishedDecisionsAnswer>
