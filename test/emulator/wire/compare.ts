/**
 * Answers against fixtures: JSON and XML as what they mean, with nothing more and nothing less than the fixture has.
 * Differences come as sentences; none means equal.
 */
import { DOMParser, type Element } from '@xmldom/xmldom'
import { matches, type Bindings } from './placeholders.js'

/** In a JSON object this key, in an XML element this text: further members are allowed. */
const open = '{{...}}'
/** In the place of a value: any value. */
const anything = '{{any}}'
/** In the place of a value: a number. */
const number = '{{number}}'

export function compareJson(expected: unknown, actual: unknown, bindings: Bindings, at = 'body'): string[] {
  if (expected === anything) return []
  if (expected === number) return typeof actual === 'number' ? [] : [differ(at, 'a number', actual)]
  if (typeof expected === 'string') {
    return typeof actual === 'string' && matches(expected, actual, bindings)
      ? []
      : [differ(at, expected, actual)]
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [differ(at, 'a list', actual)]
    const problems =
      expected.length === actual.length ? [] : [differ(`${at}.length`, expected.length, actual.length)]
    return problems.concat(
      expected.flatMap((item, index) =>
        index < actual.length ? compareJson(item, actual[index], bindings, `${at}[${index}]`) : [],
      ),
    )
  }
  if (!isRecord(expected)) return expected === actual ? [] : [differ(at, expected, actual)]
  if (!isRecord(actual)) return [differ(at, 'an object', actual)]
  const missing = Object.keys(expected).filter((key) => key !== open && !Object.hasOwn(actual, key))
  const extra = Object.hasOwn(expected, open)
    ? []
    : Object.keys(actual).filter((key) => !Object.hasOwn(expected, key))
  return [
    ...missing.map((key) => `${at}.${key} is missing`),
    ...extra.map((key) => differ(`${at}.${key}`, 'no such member', actual[key])),
    ...Object.entries(expected).flatMap(([key, value]) =>
      Object.hasOwn(actual, key) ? compareJson(value, actual[key], bindings, `${at}.${key}`) : [],
    ),
  ]
}

/** List members are compared in order; the members of a structure may come in any order, as the Query protocol has it. */
export function compareXml(expected: string, actual: string, bindings: Bindings): string[] {
  return compareElements(parseXml(expected), parseXml(actual), bindings, 'body')
}

function parseXml(text: string): Element {
  const parser = new DOMParser({
    onError: (level, message) => {
      throw new Error(`not well-formed XML (${level}): ${message}`)
    },
  })
  const root = parser.parseFromString(text, 'text/xml').documentElement
  if (root === null) throw new Error('XML without an element')
  return root
}

function compareElements(expected: Element, actual: Element, bindings: Bindings, above: string): string[] {
  const at = `${above}/${expected.nodeName}`
  if (expected.localName !== actual.localName) return [differ(at, 'this element', actual.nodeName)]
  if (expected.namespaceURI !== actual.namespaceURI) {
    return [differ(`${at} namespace`, expected.namespaceURI, actual.namespaceURI)]
  }
  const attributes = attributesOf(actual)
  if (attributes.length > 0) return [differ(`${at} attributes`, 'none', attributes)]
  const wanted = childrenOf(expected)
  const found = childrenOf(actual)
  const text = textOf(expected)
  if (wanted.length === 0 && text !== open) {
    const isEqual = found.length === 0 && matches(text, textOf(actual), bindings)
    const shown = found.length > 0 ? `elements ${namesOf(found)}` : textOf(actual)
    return isEqual ? [] : [differ(at, text, shown)]
  }
  if (textOf(actual).trim() !== '') return [differ(`${at} text`, 'none', textOf(actual))]
  const names = new Set([...wanted, ...(text.trim() === open ? [] : found)].map((child) => child.nodeName))
  return [...names].flatMap((name) => {
    const wantedOnes = wanted.filter((child) => child.nodeName === name)
    const foundOnes = found.filter((child) => child.nodeName === name)
    if (wantedOnes.length !== foundOnes.length) {
      return [differ(`${at}/${name} count`, wantedOnes.length, foundOnes.length)]
    }
    return wantedOnes.flatMap((child, index) => {
      const other = foundOnes[index]
      return other === undefined ? [] : compareElements(child, other, bindings, at)
    })
  })
}

function childrenOf(element: Element): Element[] {
  return [...element.childNodes].filter((node): node is Element => node.nodeType === node.ELEMENT_NODE)
}

function namesOf(elements: readonly Element[]): string {
  return elements.map((element) => element.nodeName).join(', ')
}

/** Text directly in the element, not in those below it. */
function textOf(element: Element): string {
  return [...element.childNodes]
    .filter((node) => node.nodeType !== node.ELEMENT_NODE)
    .map((node) => node.nodeValue ?? '')
    .join('')
}

function attributesOf(element: Element): string[] {
  return [...element.attributes]
    .map((attribute) => attribute.name)
    .filter((name) => !/^xmlns(:|$)/.test(name))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function differ(at: string, expected: unknown, actual: unknown): string {
  return `${at}: expected ${show(expected)}, got ${show(actual)}`
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
