/**
 * @module Reading helpers over a parsed document: children by name, text values, attributes. They answer exactly
 * what is written or refuse; nothing is guessed, joined or trimmed silently.
 */
import { Node, type Element } from '@xmldom/xmldom'

/** Child elements of `parent`, in document order. */
export function childElements(parent: Element): Element[] {
  const found: Element[] = []
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
    // The DOM types do not narrow on nodeType; an ELEMENT_NODE is an Element by the DOM standard.
    if (node.nodeType === Node.ELEMENT_NODE) found.push(node as Element)
  }
  return found
}

export function isNamed(element: Element, namespace: string, localName: string): boolean {
  return element.namespaceURI === namespace && element.localName === localName
}

/** Child elements with this name, in document order. */
export function childrenNamed(parent: Element, namespace: string, localName: string): Element[] {
  return childElements(parent).filter((child) => isNamed(child, namespace, localName))
}

/** The element and everything below it, in document order. */
export function* descendants(element: Element): Generator<Element> {
  yield element
  for (const child of childElements(element)) yield* descendants(child)
}

/**
 * The text of an element that has nothing but text, as it is written. Undefined where a comment, CDATA section or
 * element stands inside: readers disagree on what such a value is, and a comment in a NameID has been used to cut
 * it short.
 */
export function writtenTextOf(element: Element): string | undefined {
  let text = ''
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType !== Node.TEXT_NODE) return undefined
    text += node.nodeValue ?? ''
  }
  return text
}

/** {@link writtenTextOf}, white space at the ends removed as XML Schema does for URIs and ids. */
export function textOf(element: Element): string | undefined {
  const text = writtenTextOf(element)
  return text === undefined ? undefined : trimBlanks(text)
}

/**
 * Removes the white space of XML (XML 1.0 §2.3) from both ends; `trim` would take other characters too. By index:
 * a regular expression for the end (`[ ]+$`) starts anew at each blank inside and takes quadratic time.
 */
export function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a
}

/** An attribute without namespace, or undefined where it is absent. */
export function attributeOf(element: Element, name: string): string | undefined {
  return element.getAttributeNS(null, name) ?? element.getAttributeNode(name)?.value
}

/** xs:boolean (XML Schema 2 §3.2.2): undefined where the text is neither. */
export function parseXmlBoolean(text: string): boolean | undefined {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  return undefined
}
