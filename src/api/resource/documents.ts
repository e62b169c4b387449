/**
 * @module Files of resources: several YAML documents, each one resource. The text is hostile: bounded in size, no
 * aliases (a few lines of them can stand for gigabytes), no repeated keys, no tags. Every problem of every document
 * is reported at once with its line.
 */
import { isNode, isScalar, LineCounter, parseAllDocuments, visit, type Document } from 'yaml'
import { GatewayError } from '../../core/error.js'
import { parseClusterAuthPreferenceDocument } from './cluster-auth-preference.js'
import { isPlainObject, type ResourceProblem } from './parse.js'
import { parseRoleDocument } from './role.js'
import { parseServiceProviderDocument } from './saml-idp-service-provider.js'
import { parseUserDocument } from './user.js'

/** Longest file, in UTF-16 units. */
export const maxFileLength = 1024 * 1024
const maxDocuments = 1000

const parsers = {
  user: parseUserDocument,
  role: parseRoleDocument,
  saml_idp_service_provider: parseServiceProviderDocument,
  cluster_auth_preference: parseClusterAuthPreferenceDocument,
} as const

type Kind = keyof typeof parsers

/** One parsed resource with its kind and name. */
export type ParsedResource = {
  [K in Kind]: { readonly kind: K; readonly name: string } & ReturnType<(typeof parsers)[K]>
}[Kind]

/**
 * Parses one document of any kind.
 * @throws GatewayError `INVALID_RESOURCE`.
 */
export function parseResourceDocument(input: unknown, source?: string): ParsedResource {
  const kind = isPlainObject(input) && Object.hasOwn(input, 'kind') ? input['kind'] : undefined
  switch (kind) {
    case 'user':
      return named(kind, parseUserDocument(input, source))
    case 'role':
      return named(kind, parseRoleDocument(input, source))
    case 'saml_idp_service_provider':
      return named(kind, parseServiceProviderDocument(input, source))
    case 'cluster_auth_preference':
      return named(kind, parseClusterAuthPreferenceDocument(input, source))
    default: {
      const given = typeof kind === 'string' ? `"${kind.slice(0, 60)}" is not a kind` : 'the kind is missing'
      const message = `${given}; this version knows ${Object.keys(parsers).join(', ')}`
      const place = source === undefined ? 'document' : `document (${source})`
      throw new GatewayError('INVALID_RESOURCE', `${place}: kind: ${message}`, {
        problems: [{ path: 'kind', message }],
      })
    }
  }
}

function named<K extends Kind, P extends { document: { metadata: { name: string } } }>(kind: K, parsed: P) {
  return { kind, name: parsed.document.metadata.name, ...parsed }
}

/**
 * Parses a file of YAML documents separated by `---`; empty ones are skipped. JSON is YAML too.
 * @throws GatewayError `INVALID_RESOURCE` with the problems of all documents, each with its line.
 */
export function parseYamlDocuments(text: string, fileName: string): ParsedResource[] {
  if (text.length > maxFileLength) {
    throw fileError(fileName, [{ path: '', message: `the file is longer than ${maxFileLength} characters` }])
  }
  if (isTooDeep(text)) throw fileError(fileName, [{ path: '', message: 'the file is nested too deeply' }])
  try {
    return parseAll(text, fileName)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw fileError(fileName, [
      { path: '', message: 'the file is nested too deeply or has too many mistakes' },
    ])
  }
}

const maxOpen = 300

/**
 * Whether brackets or list marks are nested so deeply that the library, which recurses, might exhaust the stack; a
 * megabyte of `[` ends the whole process. Brackets within quotes count too: a file has no such number of open ones.
 * Depth by indentation costs a column each and is bounded by the length of the file.
 */
function isTooDeep(text: string): boolean {
  let brackets = 0
  let marks = 0
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '[' || sign === '{') brackets++
    else if ((sign === ']' || sign === '}') && brackets > 0) brackets--
    if ((sign === '-' || sign === '?' || sign === ':') && (text[at + 1] === ' ' || text[at + 1] === '\t'))
      marks++
    else if (sign !== ' ' && sign !== '\t') marks = 0
    if (brackets > maxOpen || marks > maxOpen) return true
  }
  return false
}

function parseAll(text: string, fileName: string): ParsedResource[] {
  const lines = new LineCounter()
  // The library compares each key with all before it; `listSyntaxProblems` finds repeated ones in linear time.
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'silent', uniqueKeys: false } as const
  const documents: Document.Parsed[] = [...parseAllDocuments(text, options)]
  if (documents.length > maxDocuments) {
    throw fileError(fileName, [{ path: '', message: `the file holds more than ${maxDocuments} documents` }])
  }
  const problems: ResourceProblem[] = []
  const resources: ParsedResource[] = []
  for (const document of documents) {
    const syntax = listSyntaxProblems(document, lines)
    problems.push(...syntax)
    if (syntax.length > 0) continue
    const value: unknown = document.toJS({ maxAliasCount: 0 })
    if (value === null || value === undefined) continue
    try {
      resources.push(parseResourceDocument(value))
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      problems.push(...locate(error, document, lines))
    }
  }
  if (problems.length > 0) throw fileError(fileName, problems)
  return resources
}

function listSyntaxProblems(document: Document.Parsed, lines: LineCounter): ResourceProblem[] {
  const complaints = [...document.errors.slice(0, 100), ...document.warnings.slice(0, 100)]
  const found: ResourceProblem[] = complaints.map((error) => ({
    path: '',
    message: error.message,
    line: lines.linePos(error.pos[0]).line,
  }))
  if (found.length > 0) return found
  const report = (message: string, node: { range?: readonly number[] | null | undefined }) =>
    found.push({ path: '', message, line: lines.linePos(node.range?.[0] ?? 0).line })
  visit(document, {
    Alias: (_, node) => void report('aliases (*name) are not allowed; write the value out', node),
    Map: (_, node) => {
      const seen = new Set<unknown>()
      for (const { key } of node.items) {
        if (!isScalar(key)) report('the key of a map must be text', isNode(key) ? key : node)
        // As JSON would say it: 1 and "1" are the same key.
        else if (seen.has(String(key.value)))
          report(`the key "${String(key.value)}" stands twice in a map`, key)
        else seen.add(String(key.value))
      }
    },
    Scalar: (key, node) => {
      // 1.0, 0x1F and 012 are labels or account ids as written, not as numbers.
      const written = node.source
      if (typeof node.value === 'number' && written !== undefined && String(node.value) !== written) {
        node.value = written
      }
      if (key === 'key' && node.value === '<<') report('merge keys (<<) are not allowed', node)
    },
  })
  return found
}

/** The problems of one document with the lines of the nodes that they are about. */
function locate(error: GatewayError, document: Document.Parsed, lines: LineCounter): ResourceProblem[] {
  // Every INVALID_RESOURCE of this folder carries its problems.
  const problems = error.details['problems'] as readonly ResourceProblem[]
  return problems.map((problem) => ({ ...problem, line: findLine(document, problem.path, lines) }))
}

/** The line of the deepest node on the path; label names may hold dots, so the longest key that exists is taken. */
function findLine(document: Document.Parsed, path: string, lines: LineCounter): number {
  let at: string[] = []
  let rest = path === '' ? [] : path.split('.')
  let offset = document.range[0]
  while (rest.length > 0) {
    let taken = rest.length
    while (taken > 0 && !document.hasIn([...at, rest.slice(0, taken).join('.')])) taken--
    if (taken === 0) break
    at = [...at, rest.slice(0, taken).join('.')]
    rest = rest.slice(taken)
    const node: unknown = document.getIn(at, true)
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
    if (Array.isArray(range) && typeof range[0] === 'number') offset = range[0]
  }
  return lines.linePos(offset).line
}

function fileError(fileName: string, problems: readonly ResourceProblem[]): GatewayError {
  const shown = problems.slice(0, 20).map(({ path, message, line }) => {
    return `${fileName}${line === undefined ? '' : `:${line}`}: ${path === '' ? '' : `${path}: `}${message}`
  })
  if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`)
  return new GatewayError('INVALID_RESOURCE', shown.join('\n'), { problems })
}
