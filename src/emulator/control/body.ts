/**
 * @module Bodies of control calls: JSON checked by a schema, or a document as text.
 */
import express from 'express'
import type { z } from 'zod'
import { invalidInput } from '../error.js'

/** JSON only by its own content type, which a foreign page cannot send without a preflight. */
export const json = express.json({ limit: '64kb' })

/** Any document as text; each operation has its own, smaller limit. */
export const text = express.text({ type: () => true, limit: '1mb' })

/** @throws EmulatorError that lists what does not fit. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body ?? {})
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
  throw invalidInput(problems.join('; '))
}

/** The body that {@link text} read. */
export function textBody(body: unknown): string {
  if (typeof body !== 'string' || body.trim() === '')
    throw invalidInput('the body is empty; send the document as it is')
  return body
}
