/**
 * @module An assertion for people to read: the text that `sign-response.ts` would sign, without a signature, indented,
 * under a comment that says so. Nothing may accept it, and nothing here can sign.
 */
import type { ResponseContent } from './saml.js'
import { writeAssertion } from './sign-response.js'

const notice = '<!-- A test: not signed, stored or sent. No service provider accepts it. -->'

/** Canonical attribute values hold no quotation mark; text holds no angle bracket (Canonical XML 1.0 §2.3). */
const pieces = /<[^<>"]*(?:"[^"]*"[^<>"]*)*>|[^<]+/g

/**
 * Writes it.
 * @throws GatewayError `INVALID_INPUT` for values that XML cannot carry.
 */
export function writeReadableAssertion(content: ResponseContent): string {
  const { head, tail } = writeAssertion(content)
  return `${notice}\n${indent(`${head}${tail}`)}\n`
}

/** Every element on a line of its own; one that holds text, or nothing, stays on one line. */
function indent(xml: string): string {
  const lines: string[] = []
  let depth = 0
  let isInline = false
  for (const [piece] of xml.matchAll(pieces)) {
    if (piece.startsWith('</')) {
      depth -= 1
      if (isInline) append(lines, piece)
      else lines.push(`${'  '.repeat(depth)}${piece}`)
      isInline = false
    } else if (piece.startsWith('<')) {
      lines.push(`${'  '.repeat(depth)}${piece}`)
      depth += 1
      isInline = true
    } else {
      append(lines, piece)
    }
  }
  return lines.join('\n')
}

function append(lines: string[], piece: string): void {
  lines.push(`${lines.pop() ?? ''}${piece}`)
}
