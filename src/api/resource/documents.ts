/**
 * @module Texts of resources: several YAML documents, or JSON values, each one resource of whatever kind. The text is
 * hostile: bounded in size, no aliases (a few lines of them can stand for gigabytes), no repeated keys, no tags. The
 * mistakes in the writing of all documents are reported at once with their lines; what they say is read elsewhere.
 */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, visit, type Document } from 'yaml'
import { describeProblems, type DocumentProblem } from '../../core/document-problem.js'
import { GatewayError } from '../../core/error.js'
import { findYamlExcess, maxDocuments } from './yaml-bounds.js'
import { listSyntaxFaults } from './yaml-errors.js'

/** Longest file, in UTF-16 units. */
export const maxFileLength = 256 * 1024
/** More mistakes than anyone reads are not looked for. */
const maxProblems = 100

/** A document as somebody wrote it, not parsed yet. */
export interface WrittenDocument {
  readonly value: unknown
  /** File name, or what else tells people where it came from. */
  readonly source: string | undefined
  /** Line of a dotted path within the text; undefined where the text is not known. */
  readonly lineOf: (path: string) => number | undefined
}

/** One JSON document, or an array of them. */
export function readJsonDocuments(value: unknown, source?: string): WrittenDocument[] {
  const lineOf = () => undefined
  if (!Array.isArray(value)) return [{ value, source, lineOf }]
  if (value.length > maxDocuments) {
    throw fileError([{ source, path: '', message: `there are more than ${maxDocuments} documents` }])
  }
  const place = source === undefined ? 'document' : `${source}, document`
  return value.map((one: unknown, index) => ({ value: one, source: `${place} ${index + 1}`, lineOf }))
}

/**
 * Reads a file of YAML documents separated by `---`; empty ones are skipped. JSON is YAML too.
 * @throws GatewayError `INVALID_RESOURCE` with the problems of all documents, each with its line.
 */
export function readYamlDocuments(text: string, fileName: string): WrittenDocument[] {
  const refuse = (message: string) => fileError([{ source: fileName, path: '', message }])
  if (text.length > maxFileLength) throw refuse(`the file is longer than ${maxFileLength} characters`)
  if (isTooDeep(text)) throw refuse('the file is nested too deeply')
  const excess = findYamlExcess(text)
  if (excess !== undefined) throw refuse(`the file holds ${excess}`)
  try {
    return readAll(text, fileName)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw refuse('the file is nested too deeply or has too many mistakes')
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

function readAll(text: string, fileName: string): WrittenDocument[] {
  const lines = new LineCounter()
  // The library compares each key with all before it; `listSyntaxProblems` finds repeated ones in linear time.
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'silent', uniqueKeys: false } as const
  const documents: Document.Parsed[] = [...parseAllDocuments(text, options)]
  if (documents.length > maxDocuments) {
    const message = `the file holds more than ${maxDocuments} documents`
    throw fileError([{ source: fileName, path: '', message }])
  }
  const problems: DocumentProblem[] = []
  const written: WrittenDocument[] = []
  for (const document of documents) {
    if (problems.length >= maxProblems) break
    const syntax = listSyntaxProblems(document, lines, text)
    problems.push(...syntax.map((problem) => ({ ...problem, source: fileName })))
    if (syntax.length > 0) continue
    const value: unknown = document.toJS({ maxAliasCount: 0 })
    if (value === null || value === undefined) continue
    written.push({ value, source: fileName, lineOf: (path) => findLine(document, path, lines) })
  }
  if (problems.length > 0) throw fileError(problems)
  return written
}

function listSyntaxProblems(document: Document.Parsed, lines: LineCounter, text: string): DocumentProblem[] {
  const complaints = [...document.errors, ...document.warnings].slice(0, maxProblems)
  const found: DocumentProblem[] = listSyntaxFaults(document, complaints, text).map(({ message, at }) => ({
    path: '',
    message,
    line: lines.linePos(at).line,
  }))
  if (found.length > 0) return found
  const report = (message: string, node: { range?: readonly number[] | null | undefined }) => {
    if (found.length === maxProblems) return
    const shown = message.length > 200 ? `${message.slice(0, 200)}…` : message
    found.push({ path: '', message: shown, line: lines.linePos(node.range?.[0] ?? 0).line })
  }
  visit(document, {
    Alias: (_, node) => report('aliases (*name) are not allowed; write the value out', node),
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
      // Quoted it is a name like any other.
      if (key === 'key' && written === '<<' && node.type === 'PLAIN')
        report('merge keys (<<) are not allowed', node)
    },
  })
  return found
}

/**
 * The line of the deepest key or item on the path that exists; label names may hold dots, so the longest one is taken.
 */
function findLine(document: Document.Parsed, path: string, lines: LineCounter): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? document.range[0]
  for (let rest: string | undefined = path === '' ? undefined : path; rest !== undefined;) {
    const found = findChild(node, rest)
    if (found === undefined) break
    node = found.value
    offset = found.at?.[0] ?? offset
    rest = found.name.length < rest.length ? rest.slice(found.name.length + 1) : undefined
  }
  return lines.linePos(offset).line
}

interface Child {
  readonly name: string
  readonly value: unknown
  /** Where its key, or the item itself, begins. */
  readonly at: readonly number[] | null | undefined
}

/** The child with the longest name that the path begins with; linear in the node and the path. */
function findChild(node: unknown, path: string): Child | undefined {
  if (isSeq(node)) {
    const [name = ''] = path.split('.', 1)
    const item: unknown = node.items[Number(name)]
    return isNode(item) ? { name, value: item, at: item.range } : undefined
  }
  if (!isMap(node)) return undefined
  let longest: Child | undefined
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue
    const name = String(key.value)
    const isOnPath = path.startsWith(name) && (path.length === name.length || path[name.length] === '.')
    if (isOnPath && !(longest !== undefined && longest.name.length >= name.length)) {
      longest = { name, value, at: isNode(key) ? key.range : undefined }
    }
  }
  return longest
}

function fileError(problems: readonly DocumentProblem[]): GatewayError {
  return new GatewayError('INVALID_RESOURCE', describeProblems(problems), { problems })
}
