/**
 * @module Reading hostile XML: refuse what SAML never needs before any tree is built, then read elements by
 * namespace and name only. Text is taken only from elements that hold nothing but text, so that a comment or
 * a nested element can never cut a name in two.
 */
import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom'

export const ns = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
} as const

const elementNode = 1
const textNode = 3
const cdataNode = 4
const maxDepth = 64

/** The text is not XML that we read; the message says why. */
export class XmlProblem extends Error {
  override readonly name = 'XmlProblem'
}

/**
 * Parses a whole document and gives its root element.
 * @throws XmlProblem for a DTD, processing instructions, excessive nesting or anything not well-formed.
 */
export function parseXml(xml: string): Element {
  if (/<!(?!--|\[CDATA\[)/.test(xml)) throw new XmlProblem('it contains a document type declaration')
  if (/<\?(?!xml\s)/i.test(xml) || xml.lastIndexOf('<?') > 0) {
    throw new XmlProblem('it contains a processing instruction')
  }
  let document: Document
  try {
    const onError = (_level: string, message: string): never => {
      throw new XmlProblem(message)
    }
    document = new DOMParser({ onError, normalizeLineEndings }).parseFromString(xml, 'application/xml')
  } catch (error) {
    throw new XmlProblem(`it is not well-formed (${error instanceof Error ? error.message : 'unreadable'})`)
  }
  const root = document.documentElement
  if (root === null) throw new XmlProblem('it is empty')
  if (isDeeperThan(root, maxDepth)) throw new XmlProblem(`it is nested deeper than ${maxDepth} elements`)
  return root
}

/** XML 1.0 §2.11. The parser's own rule is that of XML 1.1, which would change U+2028 in a person's name. */
function normalizeLineEndings(source: string): string {
  return source.replace(/\r\n?/g, '\n')
}

function isDeeperThan(element: Element, depth: number): boolean {
  if (depth === 0) return true
  return childElements(element).some((child) => isDeeperThan(child, depth - 1))
}

function isElement(node: Node): node is Element {
  return node.nodeType === elementNode
}

export function is(element: Element, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name
}

export function childElements(element: Element): Element[] {
  return Array.from(element.childNodes).filter(isElement)
}

export function children(element: Element, namespace: string, name: string): Element[] {
  return childElements(element).filter((child) => is(child, namespace, name))
}

/** The first child of this name, where there is one. */
export function child(element: Element | undefined, namespace: string, name: string): Element | undefined {
  return element === undefined ? undefined : children(element, namespace, name)[0]
}

/** All elements of this name at any depth, the element itself included. */
export function descendants(element: Element, namespace: string, name: string): Element[] {
  const below = childElements(element).flatMap((each) => descendants(each, namespace, name))
  return is(element, namespace, name) ? [element, ...below] : below
}

/** The element and all elements below it. */
export function everyElement(element: Element): Element[] {
  return [element, ...childElements(element).flatMap(everyElement)]
}

export function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.getAttribute(name) ?? undefined
}

/** Whether an element holds text of its own, blanks aside (XML 1.0 §2.3). */
export function hasText(element: Element): boolean {
  return Array.from(element.childNodes).some(
    (node) =>
      (node.nodeType === textNode || node.nodeType === cdataNode) && /[^ \t\r\n]/.test(node.nodeValue ?? ''),
  )
}

/** Text of an element that holds only text; undefined where it is absent or holds anything else. */
export function textOf(element: Element | undefined): string | undefined {
  if (element === undefined) return undefined
  const nodes = Array.from(element.childNodes)
  if (nodes.some((node) => node.nodeType !== textNode && node.nodeType !== cdataNode)) return undefined
  return nodes.map((node) => node.nodeValue ?? '').join('')
}

/** Escapes text for XML content and double-quoted attributes, line ends included. */
export function escapeXml(text: string): string {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"\t\n\r]/g, (c) => named[c] ?? `&#x${c.charCodeAt(0).toString(16).toUpperCase()};`)
}

/** An xs:dateTime with a zone, in milliseconds since the epoch; undefined for anything else. */
export function parseDateTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? undefined : instant
}
