/** @module Searching the audit log and taking it out: filters beyond those of its list, and how far was looked. */
import { z } from 'zod'
import { auditItem } from './audit.js'

/** Filters of a search and of an export. `type` may be repeated; `from` and `to` are RFC 3339. */
const selection = {
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
  /** Words that must all stand in the values of an event, in any case; the first ten count. */
  search: z.string().max(200).optional(),
  kind: z.string().max(100).optional(),
  name: z.string().max(254).optional(),
  address: z.string().max(100).optional(),
  code: z.string().max(50).optional(),
}

export const auditSearchQuery = z.strictObject({
  ...selection,
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
})
export const auditSearchAnswer = z.object({
  items: z.array(auditItem),
  /** There are older events that were not looked at. */
  nextCursor: z.string().optional(),
  /** The oldest event that was looked at, so that a page without items says how far it came. */
  searchedTo: z.object({ sequence: z.number(), time: z.string() }).optional(),
})
export type AuditSearchAnswer = z.infer<typeof auditSearchAnswer>

export const auditExportQuery = z.strictObject({ ...selection, format: z.enum(['csv', 'jsonl']) })

/** The period of an evidence pack: [from, to). */
export const auditEvidenceQuery = z.strictObject({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
})

/** Headers of an export: the sequence numbers between which it looks, for progress. */
export const auditFirstHeader = 'x-audit-first'
export const auditLastHeader = 'x-audit-last'
