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
 * The text of an element that has nothing but text, white space at the ends removed as XML Schema does for URIs
 * and ids. Undefined where a comment, CDATA section or element stands inside: readers disagree on what such a
 * value is, and a comment in a NameID has been used to cut it short.
 */
export function textOf(element: Element): string | undefined {
  let text = ''
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType !== Node.TEXT_NODE) return undefined
    text += node.nodeValue ?? ''
  }
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
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
