/** @module Where the audit log goes besides the database, and how far each of these has come. */
import { z } from 'zod'

export const auditSinkItem = z.object({
  /** The name, with `@` and the machine behind it for a file, which each machine has for itself. */
  key: z.string(),
  name: z.string(),
  machine: z.string().optional(),
  type: z.string(),
  /** `unused`: no gateway has it in its configuration any more. */
  state: z.enum(['ok', 'failing', 'unused']),
  /** Where it leads, without path or secret of a webhook; only where the answering gateway has it in its configuration. */
  target: z.string().optional(),
  format: z.string().optional(),
  /** Of the last event that it has taken. */
  sequence: z.number(),
  headSequence: z.number(),
  /** Events that it has not taken, and the age of the first of them. */
  lagEvents: z.number(),
  lagSeconds: z.number(),
  deliveredAt: z.string().optional(),
  failingSince: z.string().optional(),
  error: z.string().optional(),
  attempts: z.number().optional(),
  nextAttemptAt: z.string().optional(),
})
export type AuditSinkItem = z.infer<typeof auditSinkItem>
export const auditSinksAnswer = z.object({ items: z.array(auditSinkItem) })
export type AuditSinksAnswer = z.infer<typeof auditSinksAnswer>
