/**
 * @module From written documents to parsed ones, each by its kind, with the problems of all of them at once and the
 * line of each. Resources of kinds that others refer to come first.
 */
import { describeProblems, type DocumentProblem } from '../../core/document-problem.js'
import { GatewayError } from '../../core/error.js'
import { withRegexBudget } from '../../core/matcher.js'
import { suggest } from '../../core/nearest.js'
import type { Kind, Kinds, ResourceDocument, WrittenDocument } from './kind.js'

export interface ParsedResource {
  readonly kind: Kind
  readonly name: string
  readonly document: ResourceDocument
  readonly value: unknown
  readonly ignored: readonly string[]
  /** `metadata.revision`: the state that the author edited. */
  readonly revision: string | undefined
  readonly written: WrittenDocument
}

/** More mistakes than anyone reads are not looked for. */
const maxProblems = 200

/** What could be parsed, in the order in which it is to be applied, each name once, and what is wrong with the rest. */
export interface Parsing {
  readonly parsed: ParsedResource[]
  readonly errors: DocumentError[]
}

/**
 * Parses every document, in the order in which they are to be applied. `admit` refuses one by throwing before it is
 * parsed, which is much work for some documents.
 */
export function tryParseDocuments(
  kinds: Kinds,
  documents: readonly WrittenDocument[],
  admit: (kind: Kind, name: string) => void = () => {},
): Parsing {
  const { results, errors } = withRegexBudget(() =>
    collect(
      documents,
      (written) => parseOne(kinds, written, admit),
      (written) => aboutOf(kinds, written),
    ),
  )
  const known = new Set<string>()
  const parsed = results.filter(({ kind, name, written }) => {
    const key = JSON.stringify([kind.name, name])
    if (known.has(key)) errors.push({ written, error: twice(kind, name) })
    return !known.has(key) && known.add(key)
  })
  const rank = new Map(kinds.all.map(({ name }, index) => [name, index]))
  const rankOf = ({ kind }: ParsedResource) => rank.get(kind.name) ?? 0
  return { parsed: parsed.sort((a, b) => rankOf(a) - rankOf(b)), errors }
}

/**
 * {@link tryParseDocuments} for documents that are all right.
 * @throws GatewayError `INVALID_RESOURCE`, or the code of what is wrong where only one thing is, with
 * `details.problems`.
 */
export function parseDocuments(
  kinds: Kinds,
  documents: readonly WrittenDocument[],
  admit?: (kind: Kind, name: string) => void,
): ParsedResource[] {
  const { parsed, errors } = tryParseDocuments(kinds, documents, admit)
  if (errors.length > 0) throw combineErrors(errors, documents.length)
  return parsed
}

/** What a document says that it is, read or not. */
function aboutOf(kinds: Kinds, { value }: WrittenDocument): DocumentError['of'] {
  const word = own(value, 'kind')
  const name = own(own(value, 'metadata'), 'name')
  const kind = kinds.all.find((one) => one.name === word)
  return kind === undefined || typeof name !== 'string' ? undefined : { kind, name }
}

function parseOne(
  kinds: Kinds,
  written: WrittenDocument,
  admit: (kind: Kind, name: string) => void,
): ParsedResource {
  const word = own(written.value, 'kind')
  const kind = typeof word === 'string' ? kinds.all.find(({ name }) => name === word) : undefined
  if (kind === undefined) throw unknownKind(kinds, word)
  const name = own(own(written.value, 'metadata'), 'name')
  admit(kind, typeof name === 'string' ? name : '')
  assertIndented(written.value)
  const { document, value, ignored, revision } = kind.parse(written.value)
  return { kind, name: document.metadata.name, document, value, ignored, revision, written }
}

function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  const found: unknown = Object.getOwnPropertyDescriptor(value, key)?.value
  return found
}

function unknownKind(kinds: Kinds, word: unknown): GatewayError {
  const message =
    typeof word === 'string' ? sayUnknown(kinds, word) : `the kind is missing; ${listKinds(kinds)}`
  return new GatewayError('INVALID_RESOURCE', `document: kind: ${message}`, {
    problems: [{ path: 'kind', message }],
  })
}

function sayUnknown(kinds: Kinds, word: string): string {
  const meant = kinds.find(word)
  const shown = word.slice(0, 60)
  if (meant?.aliases.includes(word)) {
    return `"${shown}" is a short word for the command line; write kind: ${meant.name}`
  }
  if (meant !== undefined) return `"${shown}" is not a kind; write kind: ${meant.name}`
  const nearest = suggest(
    word,
    kinds.all.map(({ name }) => name),
  )
  return `"${shown}" is not a kind${nearest}; ${listKinds(kinds)}`
}

function listKinds(kinds: Kinds): string {
  return `this version knows ${kinds.all.map(({ name }) => name).join(', ')}`
}

const topKeys = ['kind', 'version', 'sub_kind', 'metadata', 'spec']

/** Examples that are copied from a page lose their indentation: one cause, said once in place of all it leads to. */
function assertIndented(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const emptied = ['metadata', 'spec'].filter((key) => own(value, key) === null)
  const astray = Object.keys(value).filter((key) => !topKeys.includes(key))
  if (emptied.length === 0 || astray.length === 0) return
  const shown = astray.slice(0, 3).map((key) => key.slice(0, 60))
  const names = `${shown.join(', ')}${astray.length > shown.length ? ' …' : ''}`
  const stand = astray.length === 1 ? 'stands' : 'stand'
  const message =
    `The indentation seems to be lost: ${names} ${stand} at the left edge. ` +
    `Indent what belongs to ${emptied.map((key) => `${key}:`).join(' and ')} by two spaces.`
  throw new GatewayError('INVALID_RESOURCE', message, { problems: [{ path: '', message }] })
}

function twice(kind: Kind, name: string): GatewayError {
  const message = `${kind.title} "${name}" stands twice among these documents; keep one of them`
  const problems = [{ path: 'metadata.name', message }]
  return new GatewayError('INVALID_RESOURCE', message, { problems })
}

export interface DocumentError {
  readonly written: WrittenDocument
  readonly error: GatewayError
  /** What it is about, where that is known; `value` is undefined for a document that was not read. */
  readonly of?: { readonly kind: Kind; readonly name: string; readonly value?: unknown }
}

/** Does the work for each and keeps what was refused, until that is a great deal; other errors pass through. */
export function collect<T extends WrittenDocument, R>(
  all: readonly T[],
  work: (one: T) => R,
  aboutOf: (one: T) => DocumentError['of'] = () => undefined,
): { results: R[]; errors: DocumentError[] } {
  const results: R[] = []
  const errors: DocumentError[] = []
  let problems = 0
  for (const written of all) {
    if (problems > maxProblems) break
    try {
      results.push(work(written))
    } catch (error) {
      const refusal = refusalOf(error)
      const of = aboutOf(written)
      errors.push({ written, error: refusal, ...(of !== undefined && { of }) })
      problems += countProblems(refusal)
    }
  }
  return { results, errors }
}

/** The error itself where it is a refusal; what is broken on our side is thrown on. */
export function refusalOf(error: unknown): GatewayError {
  if (error instanceof GatewayError && error.status < 500) return error
  throw error
}

/** One error for those of several documents, with every problem and its place. `of` is the number of documents. */
export function combineErrors(errors: readonly DocumentError[], of: number): GatewayError {
  const [first] = errors
  if (first === undefined) throw new GatewayError('INTERNAL', 'no error to combine')
  const problems = errors.flatMap(locate).sort(byPlace)
  const codes = new Set(errors.map(({ error }) => error.code))
  const code = codes.size === 1 ? first.error.code : 'INVALID_RESOURCE'
  const denied = errors.find(({ error }) => error.code === 'FORBIDDEN')?.error.details
  const details = { ...(errors.length === 1 && first.error.details), ...(denied && { denied }), problems }
  const placed = of > 1 || problems.some(({ line }) => line !== undefined)
  const message = placed ? describeProblems(problems) : first.error.message
  return new GatewayError(code, message, details, { cause: first.error })
}

const collator = new Intl.Collator('en', { numeric: true })

/** As the author reads: file by file, from the top down. */
function byPlace(a: DocumentProblem, b: DocumentProblem): number {
  return (
    collator.compare(a.source ?? '', b.source ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    collator.compare(a.path, b.path)
  )
}

function countProblems({ details }: GatewayError): number {
  const problems = details['problems']
  return Array.isArray(problems) ? problems.length : 1
}

function locate({ written: { source, lineOf }, error }: DocumentError): DocumentProblem[] {
  // Put there by the parsers of the kinds, always in this shape.
  const told = error.details['problems'] as readonly DocumentProblem[] | undefined
  const problems = told ?? [{ path: '', message: error.message }]
  return problems.map(({ path, message }) => {
    const line = lineOf(path)
    return { ...(source !== undefined && { source }), ...(line !== undefined && { line }), path, message }
  })
}
