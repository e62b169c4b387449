/**
 * @module The guard in front of every XML parser of this room. Bytes from outside are scanned lexically and
 * refused before any tree is built: wrong encoding, DOCTYPE and entities, processing instructions, excessive
 * size, depth or counts. What passes is parsed by xmldom 0.9 with every warning raised: unlike 0.8 it reports
 * all well-formedness errors through one handler and stops at the first. (xml-crypto and samlify bring 0.8; they
 * see only what passed here.) It must never fetch, expand or repair anything. Reading helpers: `dom.ts`.
 */
import { DOMParser, type Document } from '@xmldom/xmldom'
import { GatewayError } from '../core/error.js'
import { shorten } from '../core/saml/quote.js'
import { findForbiddenCharacter, isAllowedCodePoint } from './xml-characters.js'

export interface XmlLimits {
  /** Error code and the name of the document in messages. */
  readonly code: 'INVALID_SAML_REQUEST' | 'INVALID_SAML_RESPONSE' | 'INVALID_METADATA'
  readonly what: string
  readonly maxBytes: number
  readonly maxDepth: number
  readonly maxElements: number
  readonly maxAttributesPerElement: number
  /** Of all elements together, declarations of namespaces included. */
  readonly maxAttributes: number
  /**
   * Whether comments and CDATA sections may stand in it. Each is a node for a few bytes, and the XPath of xml-crypto
   * takes quadratic time in nodes.
   */
  readonly commentsAndCdata: boolean
}

/**
 * Parses XML that nobody vouches for.
 * @throws GatewayError with `limits.code` for everything that is not plain, well-formed UTF-8 XML of bounded size.
 */
export function parseHostileXml(input: Uint8Array | string, limits: XmlLimits): Document {
  const text = decode(input, limits)
  scan(text, limits)
  try {
    const parser = new DOMParser({
      locator: false,
      // XML 1.0 §2.11; the default of xmldom is the rule of XML 1.1.
      normalizeLineEndings: (source) => source.replace(/\r\n?/g, '\n'),
      onError: (level, message) => {
        throw new Error(`${level}: ${message}`)
      },
    })
    return parser.parseFromString(text, 'text/xml')
  } catch (cause) {
    throw new GatewayError(limits.code, `${limits.what} is not well-formed XML`, {}, { cause })
  }
}

function decode(input: Uint8Array | string, limits: XmlLimits): string {
  const size = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength
  if (size > limits.maxBytes) refuse(limits, `has ${size} bytes; the limit is ${limits.maxBytes}`)
  let text: string
  try {
    text =
      typeof input === 'string'
        ? input
        : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input)
  } catch {
    return refuse(limits, 'is not valid UTF-8; send it in UTF-8')
  }
  // A byte order mark is legal in UTF-8 and common in files from Windows. The marks of UTF-16 and UTF-32 are no
  // valid UTF-8, and their text without a mark is full of U+0000, refused next.
  if (text.startsWith('\uFEFF')) text = text.slice(1)
  const forbidden = findForbiddenCharacter(text)
  if (forbidden !== undefined) refuse(limits, `holds the character ${forbidden}, which is not accepted`)
  return text
}

const xmlDeclaration =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(["'])1\.0\1(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(["'])([A-Za-z][\w.-]*)\2)?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(["'])(?:yes|no)\4)?[ \t\r\n]*\?>/

/** Walks over the markup once, as a tokenizer and without building anything. Linear in the length. */
function scan(text: string, limits: XmlLimits): void {
  let position = skipDeclaration(text, limits)
  let depth = 0
  let elements = 0
  let attributes = 0
  while (position < text.length) {
    const open = text.indexOf('<', position)
    const end = open < 0 ? text.length : open
    checkReferences(text.slice(position, end), limits)
    if (open < 0) break
    if (text.startsWith('<!--', open)) {
      if (!limits.commentsAndCdata) refuse(limits, 'holds a comment (<!-- ... -->); send it without')
      position = after(text, '-->', open + 4, limits)
    } else if (text.startsWith('<![CDATA[', open)) {
      if (!limits.commentsAndCdata)
        refuse(limits, 'holds a CDATA section (<![CDATA[ ... ]]>); write plain text')
      position = after(text, ']]>', open + 9, limits)
    } else if (text[open + 1] === '!') {
      refuse(limits, 'holds a DOCTYPE or another declaration (<!...); these are never accepted')
    } else if (text[open + 1] === '?') {
      refuse(limits, 'holds a processing instruction (<?...); these are never accepted')
    } else if (text[open + 1] === '/') {
      position = after(text, '>', open + 2, limits)
      depth -= 1
    } else {
      const tag = readStartTag(text, open, limits)
      position = tag.end
      elements += 1
      attributes += tag.attributes
      if (!tag.selfClosing) depth += 1
      if (depth > limits.maxDepth) refuse(limits, `is nested deeper than ${limits.maxDepth} elements`)
      if (elements > limits.maxElements) refuse(limits, `has more than ${limits.maxElements} elements`)
      if (attributes > limits.maxAttributes)
        refuse(limits, `has more than ${limits.maxAttributes} attributes`)
    }
  }
}

function skipDeclaration(text: string, limits: XmlLimits): number {
  if (!/^<\?xml[ \t\r\n?]/.test(text)) return 0
  const declaration = xmlDeclaration.exec(text)
  if (declaration === null) return refuse(limits, 'has a malformed XML declaration; XML 1.0 is expected')
  const encoding = declaration[3]
  if (encoding !== undefined && encoding.toUpperCase() !== 'UTF-8') {
    refuse(limits, `declares the encoding "${shorten(encoding)}"; only UTF-8 is accepted`)
  }
  return declaration[0].length
}

function after(text: string, closing: string, from: number, limits: XmlLimits): number {
  const found = text.indexOf(closing, from)
  return found < 0
    ? refuse(limits, `has markup that is never closed by "${closing}"`)
    : found + closing.length
}

function readStartTag(
  text: string,
  open: number,
  limits: XmlLimits,
): { readonly end: number; readonly selfClosing: boolean; readonly attributes: number } {
  let attributes = 0
  let position = open + 1
  for (;;) {
    const char = text[position]
    if (char === undefined || char === '<') return refuse(limits, 'has a start tag that is never closed')
    if (char === '>') return { end: position + 1, selfClosing: text[position - 1] === '/', attributes }
    if (char === '"' || char === "'") {
      const end = after(text, char, position + 1, limits)
      const value = text.slice(position + 1, end - 1)
      if (value.includes('<')) refuse(limits, 'has "<" inside an attribute value')
      checkReferences(value, limits)
      attributes += 1
      if (attributes > limits.maxAttributesPerElement) {
        refuse(limits, `has an element with more than ${limits.maxAttributesPerElement} attributes`)
      }
      position = end
    } else {
      position += 1
    }
  }
}

/** Only the five predefined entities and references to accepted characters (XML 1.0 §4.1, §4.6). */
function checkReferences(text: string, limits: XmlLimits): void {
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    const reference = /^&(?:(?:amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));/.exec(
      text.slice(at, at + 12),
    )
    if (reference === null) return refuse(limits, 'refers to an entity that is not predefined in XML')
    const [, decimal, hexadecimal] = reference
    const codePoint = decimal !== undefined ? parseInt(decimal, 10) : parseInt(hexadecimal ?? '20', 16)
    if (!isAllowedCodePoint(codePoint))
      refuse(limits, `refers to a character that is not accepted (${reference[0]})`)
  }
}

function refuse(limits: XmlLimits, problem: string): never {
  throw new GatewayError(limits.code, `${limits.what} ${problem}`)
}
