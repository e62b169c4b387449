/**
 * @module Paths of PATCH (RFC 7644 §3.5.2): `attribute`, `attribute.sub`, `attribute[sub eq value].sub`, each also
 * behind the name of its schema and a colon. Filters know no other operator than `eq`.
 */
import { invalid } from './error.js'
import { enterpriseUrn, groupUrn, userUrn } from './urn.js'

/** One name of a path; `where` chooses the value of a list. */
export interface PathStep {
  readonly name: string
  readonly where?: { readonly name: string; readonly value: string | boolean }
}

export interface PatchPath {
  /** From the resource down; at least one. The enterprise extension is a step of its own. */
  readonly steps: readonly [PathStep, ...PathStep[]]
}

/** Two values of 1,024 escaped characters would not fill it. */
const maxLength = 8192

const steps =
  /^([A-Za-z$][\w$-]*)(?:\[\s*([A-Za-z$][\w$-]*)\s+(\w+)\s+("(?:[^"\\]|\\.)*"|true|false)\s*\])?(?:\.([A-Za-z$][\w$-]*))?$/

/** @throws ScimError 400 */
export function parsePath(text: string): PatchPath {
  if (text.length > maxLength) throw invalid(`a path is longer than ${maxLength} characters`)
  if (text === enterpriseUrn) return { steps: [{ name: enterpriseUrn }] }
  const extension = `${enterpriseUrn}:`
  if (text.startsWith(extension)) {
    return { steps: [{ name: enterpriseUrn }, ...parseSteps(text.slice(extension.length))] }
  }
  const core = [userUrn, groupUrn].map((urn) => `${urn}:`).find((prefix) => text.startsWith(prefix)) ?? ''
  return { steps: parseSteps(text.slice(core.length)) }
}

function parseSteps(text: string): readonly [PathStep, ...PathStep[]] {
  const [, name, whereName, operator, literal, sub] = steps.exec(text) ?? []
  if (name === undefined) throw invalid('a path has a form that is not supported')
  const rest = sub === undefined ? [] : [{ name: sub }]
  if (whereName === undefined) return [{ name }, ...rest]
  if (operator?.toLowerCase() !== 'eq') throw invalid('the filter of a path has another operator than eq')
  return [{ name, where: { name: whereName, value: parseLiteral(literal ?? '') } }, ...rest]
}

function parseLiteral(literal: string): string | boolean {
  try {
    const value: unknown = JSON.parse(literal)
    if (typeof value === 'string' || typeof value === 'boolean') return value
  } catch {
    // Told below.
  }
  throw invalid('the filter of a path has a text that JSON does not allow')
}
