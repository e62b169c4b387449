/**
 * @module The one shape of an XML signature that is accepted (SAML Core 5.4), on a request of a service provider and on
 * what an upstream identity provider answers: a child of the element that it signs, over the whole of it, by two known
 * transforms. Signature wrapping lives on every liberty beyond that shape.
 */
import type { Element } from '@xmldom/xmldom'
import { shorten } from '../core/saml/quote.js'
import { attributeOf, childElements, descendants, isNamed, textOf } from './dom.js'
import { algorithms, namespaces } from './names.js'

/** What is signed, and by which algorithms it may be. */
export interface SignatureTerms {
  /** The name of the signed element in messages: `request`. */
  readonly what: string
  readonly methods: readonly string[]
  /** The accepted algorithms in words. */
  readonly use: string
}

const requestTerms: SignatureTerms = {
  what: 'request',
  methods: [algorithms.rsaSha256, algorithms.rsaSha512],
  use: 'RSA with SHA-256',
}
const digestMethods: readonly string[] = [algorithms.sha256, algorithms.sha512]
const idNames: readonly string[] = ['ID', 'Id', 'id']

/**
 * What is wrong with the structure of the `signature` over `root`, or undefined. Checks no cryptography, and that ids
 * are unique only within `root`: where it is part of a document, see {@link hasDoubleId}.
 */
export function findSignatureProblem(
  root: Element,
  signature: Element,
  terms: SignatureTerms = requestTerms,
): string | undefined {
  const { what } = terms
  if (signature.parentNode !== root) return `the Signature is not a child of the ${what} (SAML Core 5.4.1)`
  const rootId = attributeOf(root, 'ID')
  if (rootId === undefined) return `the ${what} has no ID that a signature could name`
  if (hasDoubleId(root)) return `two elements of the ${what} have the same ID`
  const [signedInfo, value, ...rest] = childElements(signature)
  if (!signedInfo || !isDs(signedInfo, 'SignedInfo') || !value || !isDs(value, 'SignatureValue')) {
    return 'the Signature does not hold SignedInfo and SignatureValue in this order'
  }
  if (textOf(value) === undefined) return 'SignatureValue must hold text alone'
  const [keyInfo, more] = rest
  if (more !== undefined || (keyInfo !== undefined && !isDs(keyInfo, 'KeyInfo'))) {
    return 'the Signature holds more than SignedInfo, SignatureValue and KeyInfo'
  }
  return findSignedInfoProblem(signedInfo, rootId, terms)
}

function findSignedInfoProblem(
  signedInfo: Element,
  rootId: string,
  { what, methods, use }: SignatureTerms,
): string | undefined {
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
  if (!methods.includes(algorithm)) {
    return `the signature algorithm "${shorten(algorithm)}" is not accepted; use ${use}`
  }
  if (!reference || !isDs(reference, 'Reference')) return 'the Signature has no Reference'
  if (attributeOf(reference, 'URI') !== `#${rootId}`)
    return `the Reference does not name the ${what} by its ID`
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
  if (childElements(transforms).some((transform) => !hasKnownParameters(transform))) {
    return 'a transform has parameters other than a list of namespace prefixes'
  }
  const digest = attributeOf(digestMethod, 'Algorithm') ?? ''
  if (!digestMethods.includes(digest)) {
    return `the digest algorithm "${shorten(digest)}" is not accepted; use SHA-256`
  }
  return textOf(digestValue) === undefined ? 'DigestValue must hold text alone' : undefined
}

/** Exclusive C14N §4 may list prefixes, as Okta's does; what they add to is signed, and taken from nowhere else. */
function hasKnownParameters(transform: Element): boolean {
  const [parameter, more] = childElements(transform)
  if (parameter === undefined) return true
  const isList = isNamed(parameter, algorithms.exclusiveC14n, 'InclusiveNamespaces')
  const isC14n = attributeOf(transform, 'Algorithm') === algorithms.exclusiveC14n
  return isC14n && isList && more === undefined && childElements(parameter).length === 0
}

function isDs(element: Element, name: string): boolean {
  return isNamed(element, namespaces.signature, name)
}

/** Any attribute that some verifier takes for an ID, in any namespace. */
export function hasDoubleId(root: Element): boolean {
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
