/**
 * @module Whether a YAML text has so many parts that reading it would hold up everyone else. The library makes several
 * objects for each sign, and an error with its own trace for each mistake; its lexer alone is cheap, so it counts first.
 */
import { CST, Lexer } from 'yaml'

/** Names, values and signs such as `-`, `:` and `,`; blanks, line ends and comments are not counted. */
export const maxYamlTokens = 50_000
export const maxDocuments = 1000
/** Of each kind that hardly any resource needs: directives, anchors, aliases, tags and explicit keys. */
const maxRare = 100
/** Backslashes within quotes: each that begins no known escape is an error of its own. */
const maxEscapes = 20_000

/** A document may have a mark at its begin and one at its end. */
const limits: Partial<Record<Counted, number>> = { token: maxYamlTokens, document: 2 * maxDocuments }

type Counted = 'token' | 'document' | keyof typeof rare

const rare = {
  'directive-line': 'directives (%)',
  anchor: 'anchors (&name)',
  alias: 'aliases (*name), which are not allowed',
  tag: 'tags (!name)',
  'explicit-key-ind': 'explicit keys (?)',
} as const

const uncounted = new Set(['space', 'newline', 'comment', 'doc-mode', 'byte-order-mark', 'flow-error-end'])

/** What there is too much of, for people; undefined where the text may be read. Stops at the first. */
export function findYamlExcess(text: string): string | undefined {
  const counts = new Map<Counted, number>()
  let escapes = 0
  for (const lexeme of new Lexer().lex(text)) {
    const type = CST.tokenType(lexeme)
    // A plain scalar is a sign of the lexer's own, counted here, and then its text, which has no type.
    if (type === 'double-quoted-scalar' && (escapes += countEscapes(lexeme)) > maxEscapes) {
      return `more than ${maxEscapes} escapes (\\) in quoted text`
    }
    if (type === null || uncounted.has(type)) continue
    const kind = kindOf(type)
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    const limit = limits[kind] ?? maxRare
    if (count <= limit) continue
    if (kind === 'document') return `more than ${maxDocuments} documents`
    if (kind === 'token') return `more than ${limit} names, values and signs; split it`
    return `more than ${limit} ${rare[kind]}`
  }
  return undefined
}

function kindOf(type: string): Counted {
  if (type === 'doc-start' || type === 'doc-end') return 'document'
  return isRare(type) ? type : 'token'
}

function isRare(type: string): type is keyof typeof rare {
  return Object.hasOwn(rare, type)
}

function countEscapes(text: string): number {
  return text.match(/\\/g)?.length ?? 0
}
