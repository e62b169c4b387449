/**
 * @module Which characters may stand in the XML that we read and write, and how canonical XML writes them.
 */
import { GatewayError } from '../core/error.js'

// XML 1.0 §2.2 Char, turned round. The three at the end are legal, but parsers that follow the line-end rule of
// XML 1.1 (xmldom among them) read them as a newline: a signature over them would hold at one party and break
// at the next, so they are refused on both ways.
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\u0085\u2028\u2029]|\p{Surrogate}/u

/** The code point (as `U+XXXX`) of the first character that may not be carried, or undefined. */
export function findForbiddenCharacter(text: string): string | undefined {
  const found = forbidden.exec(text)?.[0]
  return found === undefined ? undefined : describeCodePoint(found.codePointAt(0) ?? 0)
}

/** Whether a character reference (`&#…;`) may name this code point. */
export function isAllowedCodePoint(codePoint: number): boolean {
  return codePoint <= 0x10ffff && !forbidden.test(String.fromCodePoint(codePoint))
}

function describeCodePoint(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
}

function requireWritable(text: string, field: string): void {
  const found = findForbiddenCharacter(text)
  if (found === undefined) return
  throw new GatewayError(
    'INVALID_INPUT',
    `${field} holds the character ${found}, which XML cannot carry safely; remove it from the value`,
    { field, character: found },
  )
}

// Canonical XML 1.0 §2.3, text nodes.
const textReferences: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#xD;',
}

/**
 * Writes the content of an element in canonical form; `field` names the value in errors.
 * @throws GatewayError `INVALID_INPUT` for characters that XML cannot carry.
 */
export function canonicalText(text: string, field: string): string {
  requireWritable(text, field)
  return /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, (found) => textReferences[found] ?? found) : text
}

// Canonical XML 1.0 §2.3, attribute nodes.
const attributeReferences: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

/**
 * Writes an attribute value (without its quotes) in canonical form; `field` names the value in errors.
 * @throws GatewayError `INVALID_INPUT` for characters that XML cannot carry.
 */
export function canonicalAttribute(value: string, field: string): string {
  requireWritable(value, field)
  return /[&<"\t\n\r]/.test(value)
    ? value.replace(/[&<"\t\n\r]/g, (found) => attributeReferences[found] ?? found)
    : value
}
