/**
 * @module Mistakes in the writing of YAML, in our words and at the place where they are made: the library tells what is
 * never closed at the end of the text, where nobody looks for it.
 */
import { isCollection, isScalar, visit, type Document } from 'yaml'

/** What is used of an error or a warning of the library. */
export interface Complaint {
  readonly message: string
  readonly pos: readonly [number, number]
}

export interface SyntaxFault {
  readonly message: string
  /** Offset in the text. */
  readonly at: number
}

/** `text` is that of the whole file. Linear in the document, whatever the number of mistakes. */
export function listSyntaxFaults(
  document: Document.Parsed,
  complaints: readonly Complaint[],
  text: string,
): SyntaxFault[] {
  const last = text.trimEnd().length - 1
  const open = complaints.some(({ message }) => isUnclosed(message)) ? listOpen(document, text) : []
  return complaints.map(({ message, pos: [at] }) => {
    const sign = openingOf(message)
    const isThere = sign !== undefined && text[at] === closing[sign]
    const place = sign === undefined || isThere ? undefined : takeLast(open, sign, at)
    if (sign === undefined || place === undefined) return { message, at: Math.max(0, Math.min(at, last)) }
    return { message: `${sign} is not closed; add ${closing[sign]}`, at: place }
  })
}

type Opening = '[' | '{' | '"' | "'"
const closing: Readonly<Record<Opening, string>> = { '[': ']', '{': '}', '"': '"', "'": "'" }

function isUnclosed(message: string): boolean {
  return openingOf(message) !== undefined
}

/** Which sign the library misses the end of. */
function openingOf(message: string): Opening | undefined {
  if (/end with a \]$/.test(message)) return '['
  if (/end with a \}$/.test(message)) return '{'
  if (/^Missing closing "/.test(message)) return '"'
  return /^Missing closing '/.test(message) ? "'" : undefined
}

interface Open {
  readonly sign: Opening
  readonly at: number
}

/** Whatever begins with a sign and does not end with its counterpart, in the order of the text. */
function listOpen(document: Document.Parsed, text: string): Open[] {
  const open: Open[] = []
  visit(document, {
    Node: (_, node) => {
      const [start, end] = node.range ?? []
      if (start === undefined || end === undefined || !(isCollection(node) || isScalar(node))) return
      const sign = text[start]
      if (sign !== '[' && sign !== '{' && sign !== '"' && sign !== "'") return
      if (end - start > 1 && text[end - 1] === closing[sign]) return
      open.push({ sign, at: start })
    },
  })
  return open
}

/** The innermost one before a place, which is then spoken for. */
function takeLast(open: Open[], sign: Opening, before: number): number | undefined {
  const index = open.findLastIndex((one) => one.sign === sign && one.at < before)
  return index < 0 ? undefined : open.splice(index, 1)[0]?.at
}
