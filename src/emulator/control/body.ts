/**
 * @module Bodies of control calls: JSON checked by a schema, or a document as text.
 */
import express from 'express'
import type { z } from 'zod'
import { EmulatorError, invalidInput } from '../error.js'
import { problemWords } from './problem-words.js'

const readJson = express.json({ limit: '64kb', type: () => true })

/**
 * JSON only by its own content type, which a foreign page cannot send without a preflight. A body of another type is
 * refused, never passed over: a call whose body is dropped would seem to have done what it was told.
 */
export const json: typeof readJson = (req, res, next) => {
  const hasBody =
    req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0
  if (hasBody && !/^application\/json\s*(?:;|$)/i.test(req.headers['content-type'] ?? '')) {
    const message = 'send the body with the header "content-type: application/json"'
    throw new EmulatorError(415, 'UNSUPPORTED_MEDIA_TYPE', message)
  }
  readJson(req, res, next)
}

/** Any document as text; each operation has its own, smaller limit. */
export const text = express.text({ type: () => true, limit: '1mb' })

/** @throws EmulatorError that lists what does not fit. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body ?? {}, { error: problemWords })
  if (parsed.success) return parsed.data
  // What is called wrongly is often why something else is missing.
  const issues = parsed.error.issues.toSorted((a, b) => Number(isUnknown(b)) - Number(isUnknown(a)))
  const problems = issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
  throw invalidInput(problems.join('; '))
}

function isUnknown({ code }: z.core.$ZodIssue): boolean {
  return code === 'unrecognized_keys'
}

/** The body that {@link text} read. */
export function textBody(body: unknown): string {
  if (typeof body !== 'string' || body.trim() === '')
    throw invalidInput('the body is empty; send the document as it is')
  return body
}
