/**
 * @module Reading of resource documents: a schema for each kind in a file of its own, and here what they share. A
 * document is hostile until it is parsed: only plain JSON values, bounded in depth and number, no `__proto__`.
 * All problems are reported at once, each with its path; an unknown key is a problem, because a mistyped `deny`
 * must not vanish. Fields that the reference product knows and that mean nothing for AWS are kept without effect
 * and listed in `ignored`; fields that would restrict access and cannot be evaluated here are refused.
 */
import type { z } from 'zod'
import { GatewayError } from '../../core/error.js'
import { suggest } from '../../core/nearest.js'
import { listKnownKeys } from './known-keys.js'
import { sayProblem } from './problem-words.js'

export interface ResourceProblem {
  /** Dotted path within the document; empty for the document itself. */
  readonly path: string
  readonly message: string
  /** Line in the file, where the text is known. */
  readonly line?: number
}

/** A document after parsing. */
export interface ParsedDocument<D, T> {
  /** The document in normal form: what to store, and equal to itself when it is parsed again. */
  readonly document: D
  /** What the rest of the gateway works with. */
  readonly value: T
  /** Paths of fields that are kept and have no effect here. */
  readonly ignored: readonly string[]
  /** `metadata.revision`: the state that the author edited. It is not part of the document that is stored. */
  readonly revision: string | undefined
}

const maxDepth = 32
const maxNodes = 100_000
/** More mistakes than anyone reads are not told: each takes time to word and to place. */
const maxProblems = 100

/**
 * Parses with a schema and turns every problem into one error; `source` names the file or place for people.
 * `crossCheck` looks at several fields together, in the document as it came, so that its problems are told too
 * where others are found.
 * @throws GatewayError `INVALID_RESOURCE` with `details.problems`.
 */
export function parseWith<S extends z.ZodType>(
  schema: S,
  kind: string,
  input: unknown,
  source: string | undefined,
  crossCheck: (input: unknown) => ResourceProblem[] = () => [],
): z.output<S> {
  const unsafe = findUnsafe(input)
  if (unsafe.length > 0) throw resourceError(kind, input, unsafe, source)
  const result = schema.safeParse(input, { error: sayProblem })
  const problems = [
    ...(result.success
      ? []
      : result.error.issues.slice(0, maxProblems).flatMap((issue) => listProblems(issue, schema))),
    ...crossCheck(input),
  ]
  if (result.success && problems.length === 0) return result.data
  throw resourceError(kind, input, problems, source)
}

/** What JSON keeps of a document: fields that are undefined are gone. */
export function toPlain<T>(document: T): T {
  // Everything in it came out of a schema over plain JSON, so its type stays.
  return JSON.parse(JSON.stringify(document)) as T
}

/** The value at a path of a document that is not parsed yet. */
export function findAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (isPlainObject(at) && Object.hasOwn(at, key) ? at[key] : undefined),
    input,
  )
}

/** One error for all problems of a document, in the order of their paths. */
export function resourceError(
  kind: string,
  input: unknown,
  problems: readonly ResourceProblem[],
  source?: string,
): GatewayError {
  const name = findName(input)
  const what = `${kind}${name === undefined ? '' : ` "${name}"`}${source === undefined ? '' : ` (${source})`}`
  const shown = problems
    .slice(0, 20)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`)
  return new GatewayError('INVALID_RESOURCE', `${what}: ${shown.join('; ')}`, { problems })
}

function listProblems(issue: z.core.$ZodIssue, schema: z.ZodType): ResourceProblem[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    const known = listKnownKeys(schema, issue.path)
    return issue.keys.slice(0, maxProblems).map((key) => ({
      path: [...path, key].join('.'),
      message: `this field is not known${suggest(key, known)}; check its spelling and its indentation`,
    }))
  }
  return [{ path: path.join('.'), message: issue.message }]
}

/** Whatever JSON cannot say, and the key that could reach an object's prototype. */
function findUnsafe(input: unknown): ResourceProblem[] {
  const problems: ResourceProblem[] = []
  let nodes = 0
  const visit = (value: unknown, path: readonly string[]): void => {
    if (problems.length >= 20) return
    const problem = (message: string) => problems.push({ path: path.join('.'), message })
    if (++nodes > maxNodes) problem(`the document has more than ${maxNodes} values`)
    else if (path.length > maxDepth) problem(`nested more than ${maxDepth} deep`)
    else if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean')
      return
    else if (typeof value === 'number') {
      if (!Number.isFinite(value)) problem('is not a finite number')
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, [...path, String(index)])
    } else if (isPlainObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        if (key === '__proto__')
          problems.push({ path: [...path, key].join('.'), message: 'this name is not allowed' })
        else visit(item, [...path, key])
      }
    } else problem('is neither text, number, true, false, a list nor a map')
  }
  visit(input, [])
  return problems
}

/** Whether a value is a map as JSON.parse and YAML make them. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function findName(input: unknown): string | undefined {
  const metadata = isPlainObject(input) && Object.hasOwn(input, 'metadata') ? input['metadata'] : undefined
  const name = isPlainObject(metadata) && Object.hasOwn(metadata, 'name') ? metadata['name'] : undefined
  return typeof name === 'string' ? name.slice(0, 100) : undefined
}
