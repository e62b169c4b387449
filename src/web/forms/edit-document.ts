/**
 * @module Changes to a YAML document field by field. Whatever is not touched stays as it was written, comments and
 * unknown fields too; that is why forms edit the text and never write a document of their own.
 */
import { isMap, isNode, isScalar, isSeq, parseDocument, type Document } from 'yaml'

export type Path = readonly (string | number)[]

const readOptions = { prettyErrors: false } as const

/**
 * Reads a document to show it in a form.
 * @returns the problem where the text is not one readable document.
 */
export function readDocument(text: string): { document: Document } | { problem: string } {
  const document = parseDocument(text, readOptions)
  if (document.errors.some(({ code }) => code === 'MULTIPLE_DOCS')) {
    return { problem: 'The text holds several documents; a form shows one.' }
  }
  if (document.errors.length > 0)
    return { problem: 'The YAML has a mistake; the form shows it again when it is mended.' }
  if (!isMap(document.contents)) return { problem: 'The text is not a document with fields.' }
  return { document }
}

/** Sets the field at `path`, or removes it where `value` is undefined, and with it sections that are left empty. */
export function editDocument(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text, readOptions)
  if (document.errors.length > 0) return text
  if (value === undefined) removeAt(document, path)
  else {
    clearNulls(document, path)
    document.setIn(path, document.createNode(value))
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** `allow:` without anything is null in YAML; a field can be set in it as in an empty section. */
function clearNulls(document: Document, path: Path): void {
  for (let length = 1; length < path.length; length += 1) {
    const section = document.getIn(path.slice(0, length), true)
    if (isScalar(section) && section.value === null) {
      document.deleteIn(path.slice(0, length))
      return
    }
  }
}

function removeAt(document: Document, path: Path): void {
  if (!document.hasIn(path)) return
  document.deleteIn(path)
  for (let length = path.length - 1; length > 1; length -= 1) {
    const section = document.getIn(path.slice(0, length), true)
    const empty = (isMap(section) || isSeq(section)) && section.items.length === 0
    if (!empty) return
    document.deleteIn(path.slice(0, length))
  }
}

/** The plain value at `path`; undefined where there is none. */
export function valueAt(document: Document, path: Path): unknown {
  const node = document.getIn(path, true)
  return isNode(node) ? node.toJS(document, { maxAliasCount: 0 }) : undefined
}
