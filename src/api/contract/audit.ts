/** @module The audit log: events as they were hashed, signed heads of their chain, and the keys that verify them. */
import { z } from 'zod'

/** Query of `GET /v1/audit/events`. `type` may be repeated; `from` and `to` are RFC 3339. */
export const auditQuery = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  /** `desc` without it, but `asc` for whoever waits. */
  order: z.enum(['asc', 'desc']).optional(),
  /** Seconds to wait for events behind the cursor where there is none yet. */
  wait: z.coerce.number().int().min(0).max(60).optional(),
  type: z
    .union([z.string().max(100), z.array(z.string().max(100)).max(50)])
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .optional(),
  user: z.string().max(254).optional(),
  success: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  uid: z.uuid().optional(),
})
export const auditItem = z.object({
  sequence: z.number(),
  hash: z.string(),
  /** The event as it was hashed, byte for byte. */
  json: z.string(),
})
export type AuditItem = z.infer<typeof auditItem>
export const auditEventsAnswer = z.object({ items: z.array(auditItem), nextCursor: z.string().optional() })

export const auditHeadsQuery = z.strictObject({ after: z.coerce.number().int().min(0).default(0) })
export const auditHeadItem = z.object({
  sequence: z.number(),
  hash: z.string(),
  signedAt: z.string(),
  keyId: z.string(),
  signature: z.string(),
})
export type AuditHeadItem = z.infer<typeof auditHeadItem>
export const auditHeadsAnswer = z.object({
  heads: z.array(auditHeadItem),
  last: z.object({ sequence: z.number(), hash: z.string() }).optional(),
  keys: z.array(z.object({ id: z.string(), publicKeyPem: z.string() })),
  /** What stands for events that retention removed: the first event that is there follows it. */
  checkpoint: z
    .object({
      sequence: z.number(),
      hash: z.string(),
      pruned: z.number(),
      firstAt: z.string(),
      lastAt: z.string(),
      prunedAt: z.string(),
      keyId: z.string(),
      signature: z.string(),
    })
    .optional(),
})
export type AuditHeadsAnswer = z.infer<typeof auditHeadsAnswer>
