/** @module Role documents for the tests of the form, and what is wrong with one. */
import { expect } from 'vitest'
import { isCode } from '../../../src/core/error.js'
import { parseRoleDocument } from '../../../src/kinds/role/form.js'

export function roleOf(spec: unknown, version = 'v8'): unknown {
  return { kind: 'role', version, metadata: { name: 'dev' }, spec }
}

/** The problems of a document as `path: message`, none where it is accepted. */
export function problemsOf(document: unknown): string[] {
  try {
    parseRoleDocument(document)
    return []
  } catch (error) {
    if (!isCode(error, 'INVALID_RESOURCE')) throw error
    const problems = error.details['problems'] as { path: string; message: string }[]
    for (const { message } of problems) expect(error.message).toContain(message)
    return problems.map(({ path, message }) => `${path}: ${message}`)
  }
}
