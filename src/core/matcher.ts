/**
 * @module Text patterns of roles: a literal, a glob (`*` is any text) or a `^regex$`. A pattern that starts with
 * `^` and ends with `$` is a regular expression as written, searched for and not anchored further, so that
 * `^test|staging$` accepts everything that starts with `test`; any other pattern must cover the whole text, line
 * breaks included. Matching time is linear in the text for every pattern: globs by Knuth-Morris-Pratt, regular
 * expressions by RE2, which has no backtracking. Never use a JavaScript RegExp made from a pattern.
 */
import { RE2JS, RE2JSException } from 're2js'
import { GatewayError } from './error.js'
import { estimateRegexEffort } from './regex-effort.js'

/** Longest pattern, in UTF-16 units. */
export const maxPatternLength = 1024
/** Largest compiled regular expression, in RE2 instructions; bounds the time for each character of the text. */
export const maxRegexSize = 5000
/** Most that compiling one regular expression may cost, and all different ones of a file; see `estimateRegexEffort`. */
export const maxRegexEffort = 100_000
export const maxFileRegexEffort = 400_000

export interface Matcher {
  /** The pattern as written. */
  readonly pattern: string
  readonly kind: 'any' | 'literal' | 'glob' | 'regex'
  readonly matches: (text: string) => boolean
}

/** Whether the pattern is a regular expression rather than a literal or a glob. */
export function isRegexPattern(pattern: string): boolean {
  return pattern.startsWith('^') && pattern.endsWith('$')
}

/**
 * Parses a pattern; `field` names its place in error messages.
 * @throws GatewayError `INVALID_MATCHER` when it is empty, too long or not an RE2 expression.
 */
export function parseMatcher(pattern: string, field: string): Matcher {
  if (pattern === '') throw invalid(field, pattern, 'it is empty; write * for any text')
  if (pattern.length > maxPatternLength) {
    throw invalid(
      field,
      pattern,
      `it has ${pattern.length} characters, at most ${maxPatternLength} are allowed`,
    )
  }
  if (isRegexPattern(pattern)) {
    const regex = compileRegex(pattern, field)
    return { pattern, kind: 'regex', matches: (text) => regex.test(text) }
  }
  if (pattern === '*') return { pattern, kind: 'any', matches: () => true }
  const pieces = pattern.split('*')
  if (pieces.length === 1) return { pattern, kind: 'literal', matches: (text) => text === pattern }
  return { pattern, kind: 'glob', matches: (text) => matchesPieces(pieces, text) }
}

// Roles are parsed anew after every change, mostly with the patterns that they had before.
const compiled = new Map<string, RE2JS>()
const maxCompiled = 1024

/**
 * Compiles an RE2 expression, remembering the most recent ones. The result has no state that a caller can see.
 * @throws GatewayError `INVALID_MATCHER` when RE2 refuses it or it is too large.
 */
export function compileRegex(pattern: string, field: string): RE2JS {
  budget?.take(pattern, field)
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  const regex = compileAnew(pattern, field)
  const oldest = compiled.size >= maxCompiled ? compiled.keys().next().value : undefined
  if (oldest !== undefined) compiled.delete(oldest)
  compiled.set(pattern, regex)
  return regex
}

const tooLarge =
  'it is too large once its repetitions and classes are written out; repeat less, or use smaller classes'

class RegexBudget {
  readonly #counted = new Set<string>()
  #left = maxFileRegexEffort

  /** Known ones count too, so that the same file gets the same answer each time. */
  take(pattern: string, field: string): void {
    if (this.#left < 0) throw this.#spent(pattern, field)
    if (pattern.length > maxPatternLength || this.#counted.has(pattern)) return
    this.#counted.add(pattern)
    this.#left -= estimateRegexEffort(pattern)
    if (this.#left < 0) throw this.#spent(pattern, field)
  }

  #spent(pattern: string, field: string): GatewayError {
    return invalid(
      field,
      pattern,
      'the regular expressions of these documents are too many or too large together; apply them in several steps',
    )
  }
}

let budget: RegexBudget | undefined

/**
 * Does the work with a bound on all regular expressions that it compiles together: RE2 is linear in the text, and a file
 * can still hold thousands of expressions that each take milliseconds to compile. Beyond it `compileRegex` refuses.
 */
export function withRegexBudget<T>(work: () => T extends Promise<unknown> ? never : T): T {
  const outer = budget
  budget ??= new RegexBudget()
  try {
    return work()
  } finally {
    budget = outer
  }
}

function compileAnew(pattern: string, field: string): RE2JS {
  if (pattern.length > maxPatternLength) {
    throw invalid(
      field,
      pattern,
      `it has ${pattern.length} characters, at most ${maxPatternLength} are allowed`,
    )
  }
  if (estimateRegexEffort(pattern) > maxRegexEffort) throw invalid(field, pattern, tooLarge)
  let regex: RE2JS
  try {
    regex = RE2JS.compile(pattern)
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    throw invalid(field, pattern, `RE2 says: ${error.message}`)
  }
  if (regex.programSize() > maxRegexSize) {
    throw invalid(field, pattern, tooLarge)
  }
  return regex
}

function invalid(field: string, pattern: string, because: string): GatewayError {
  const shown = pattern.length > 100 ? `${pattern.slice(0, 100)}…` : pattern
  return new GatewayError('INVALID_MATCHER', `${field}: the pattern "${shown}" is not usable: ${because}`, {
    field,
    pattern: shown,
  })
}

/**
 * Whether `text` is the pieces in this order with any text between them: the glob `a*b` is the pieces `a`, `b`.
 * Takes at most a constant times the length of the text and of the pieces together.
 */
export function matchesPieces(pieces: readonly string[], text: string): boolean {
  const first = pieces[0] ?? ''
  if (pieces.length <= 1) return text === first
  const last = pieces[pieces.length - 1] ?? ''
  if (text.length < first.length + last.length) return false
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  // The leftmost place for each middle piece leaves the most room to the next ones, so it is never wrong.
  let from = first.length
  const end = text.length - last.length
  for (let index = 1; index < pieces.length - 1; index++) {
    const piece = pieces[index] ?? ''
    const at = findPiece(text, piece, from, end)
    if (at < 0) return false
    from = at + piece.length
  }
  return from <= end
}

/** Up to this length plain search is quicker, and its worst case a small constant times the length of the text. */
const shortPiece = 16

/** The first place of `piece` within `text[from, end)`, or -1. Long ones by Knuth-Morris-Pratt: linear in any case. */
function findPiece(text: string, piece: string, from: number, end: number): number {
  if (piece === '') return from
  if (end - from < piece.length) return -1
  if (piece.length <= shortPiece) {
    const at = text.indexOf(piece, from)
    return at + piece.length <= end ? at : -1
  }
  const borders = listBorders(piece)
  let matched = 0
  for (let at = from; at < end; at++) {
    while (matched > 0 && text[at] !== piece[matched]) matched = borders[matched - 1] ?? 0
    if (text[at] === piece[matched]) matched++
    if (matched === piece.length) return at - matched + 1
  }
  return -1
}

/** For each prefix of `piece`, the length of its longest proper prefix that is also its suffix. */
function listBorders(piece: string): number[] {
  const borders = [0]
  let length = 0
  for (let at = 1; at < piece.length; at++) {
    while (length > 0 && piece[at] !== piece[length]) length = borders[length - 1] ?? 0
    if (piece[at] === piece[length]) length++
    borders.push(length)
  }
  return borders
}
