/**
 * @module The one shape of an XML signature that is accepted on a request (SAML Core 5.4): a child of the root,
 * over the whole root, by two known transforms. Signature wrapping lives on every liberty beyond that shape.
 */
import type { Element } from '@xmldom/xmldom'
import { shorten } from '../core/saml/quote.js'
import { attributeOf, childElements, descendants, isNamed, textOf } from './dom.js'
import { algorithms, namespaces } from './names.js'

const signatureMethods: readonly string[] = [algorithms.rsaSha256, algorithms.rsaSha512]
const digestMethods: readonly string[] = [algorithms.sha256, algorithms.sha512]
const idNames: readonly string[] = ['ID', 'Id', 'id']

/** What is wrong with the structure of `signature`, or undefined. Checks no cryptography. */
export function findSignatureProblem(root: Element, signature: Element): string | undefined {
  if (signature.parentNode !== root) return 'the Signature is not a child of the request (SAML Core 5.4.1)'
  const rootId = attributeOf(root, 'ID')
  if (rootId === undefined) return 'the request has no ID that a signature could name'
  if (hasDoubleId(root)) return 'two elements of the request have the same ID'
  const [signedInfo, value, ...rest] = childElements(signature)
  if (!signedInfo || !isDs(signedInfo, 'SignedInfo') || !value || !isDs(value, 'SignatureValue')) {
    return 'the Signature does not hold SignedInfo and SignatureValue in this order'
  }
  if (textOf(value) === undefined) return 'SignatureValue must hold text alone'
  const [keyInfo, more] = rest
  if (more !== undefined || (keyInfo !== undefined && !isDs(keyInfo, 'KeyInfo'))) {
    return 'the Signature holds more than SignedInfo, SignatureValue and KeyInfo'
  }
  return findSignedInfoProblem(signedInfo, rootId)
}

function findSignedInfoProblem(signedInfo: Element, rootId: string): string | undefined {
  const [canonicalization, method, reference, second] = childElements(signedInfo)
  if (second !== undefined) return 'the Signature has more than one Reference'
  if (
    !canonicalization ||
    !isDs(canonicalization, 'CanonicalizationMethod') ||
    childElements(canonicalization).length
  ) {
    return 'CanonicalizationMethod is missing or has parameters'
  }
  if (attributeOf(canonicalization, 'Algorithm') !== algorithms.exclusiveC14n) {
    return 'the canonicalization is not exclusive C14N without comments (SAML Core 5.4.3)'
  }
  if (!method || !isDs(method, 'SignatureMethod')) return 'SignatureMethod is missing'
  const algorithm = attributeOf(method, 'Algorithm') ?? ''
  if (!signatureMethods.includes(algorithm)) {
    return `the signature algorithm "${shorten(algorithm)}" is not accepted; use RSA with SHA-256`
  }
  if (!reference || !isDs(reference, 'Reference')) return 'the Signature has no Reference'
  if (attributeOf(reference, 'URI') !== `#${rootId}`)
    return 'the Reference does not name the request by its ID'
  return findReferenceProblem(reference)
}

function findReferenceProblem(reference: Element): string | undefined {
  const [transforms, digestMethod, digestValue, more] = childElements(reference)
  if (
    !transforms ||
    !isDs(transforms, 'Transforms') ||
    !digestMethod ||
    !isDs(digestMethod, 'DigestMethod') ||
    !digestValue ||
    !isDs(digestValue, 'DigestValue') ||
    more
  ) {
    return 'the Reference does not hold Transforms, DigestMethod and DigestValue in this order'
  }
  const chain = childElements(transforms).map((transform) =>
    isDs(transform, 'Transform') ? attributeOf(transform, 'Algorithm') : undefined,
  )
  if (chain.length !== 2 || chain[0] !== algorithms.enveloped || chain[1] !== algorithms.exclusiveC14n) {
    return 'the transforms are not "enveloped signature" and exclusive C14N (SAML Core 5.4.4)'
  }
  const digest = attributeOf(digestMethod, 'Algorithm') ?? ''
  if (!digestMethods.includes(digest)) {
    return `the digest algorithm "${shorten(digest)}" is not accepted; use SHA-256`
  }
  return textOf(digestValue) === undefined ? 'DigestValue must hold text alone' : undefined
}

function isDs(element: Element, name: string): boolean {
  return isNamed(element, namespaces.signature, name)
}

/** Any attribute that some verifier takes for an ID, in any namespace. */
function hasDoubleId(root: Element): boolean {
  const seen = new Set<string>()
  for (const element of descendants(root)) {
    for (const attribute of element.attributes) {
      if (!idNames.includes(attribute.localName ?? attribute.name)) continue
      if (seen.has(attribute.value)) return true
      seen.add(attribute.value)
    }
  }
  return false
}
