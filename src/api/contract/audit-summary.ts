/** @module Counts of audit events over time, for charts. */
import { z } from 'zod'

export const auditSummaryQuery = z.strictObject({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  /** How many bars; the answer says what each spans. */
  buckets: z.coerce.number().int().min(1).max(200).default(48),
  type: z
    .union([z.string().max(100), z.array(z.string().max(100)).max(50)])
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .optional(),
  user: z.string().max(254).optional(),
  success: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
})
export const auditSummaryAnswer = z.object({
  bucketMs: z.number(),
  buckets: z.array(z.object({ from: z.string(), succeeded: z.number(), failed: z.number() })),
  /** Most frequent first. */
  types: z.array(z.object({ type: z.string(), count: z.number() })),
  users: z.array(z.object({ user: z.string(), count: z.number() })),
})
export type AuditSummaryAnswer = z.infer<typeof auditSummaryAnswer>
