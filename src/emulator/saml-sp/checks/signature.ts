/**
 * @module XML signatures of a Response, verified with xml-crypto by this module's own rules: only the imported
 * certificates count (KeyInfo is never looked at), only strong algorithms are known at all, and what is used
 * afterwards is parsed from the very bytes that were signed, never from the document that arrived.
 */
import { XMLSerializer, type Element } from '@xmldom/xmldom'
import { SignedXml } from 'xml-crypto'
import { isValidAt, type Certificate } from '../../state/identity-provider.js'
import { attribute, child, children, descendants, ns, parseXml } from '../xml.js'
import type { CheckList } from './check-list.js'
import type { Envelope } from './envelope.js'

const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const exclusiveC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const known = {
  signature: [
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  ],
  digest: ['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmlenc#sha512'],
  transform: [enveloped, exclusiveC14n],
} as const

export interface TrustedResponse {
  /** The Response as signed, or as it arrived where only the assertion is signed. */
  readonly response: Element
  /** The assertion as signed. */
  readonly assertion: Element
  readonly signed: readonly ('Response' | 'Assertion')[]
}

export interface SignatureRules {
  readonly certificates: readonly Certificate[]
  readonly requireSignatures: 'either' | 'both'
  readonly now: number
}

/** Verifies every signature that is there; each must be good, and enough of them must be there. */
export function verifySignatures(
  { xml, response }: Envelope,
  assertion: Element,
  rules: SignatureRules,
  checks: CheckList,
): TrustedResponse {
  const refuse = (cause: string): never => checks.refuse('signature', 'not-you', cause)
  const onResponse = children(response, ns.signature, 'Signature')
  const onAssertion = children(assertion, ns.signature, 'Signature')
  const places = onResponse.length + onAssertion.length
  if (places === 0) refuse('neither the Response nor the Assertion is signed')
  if (onResponse.length > 1 || onAssertion.length > 1) refuse('an element carries more than one signature')
  if (descendants(response, ns.signature, 'Signature').length !== places) {
    refuse('a signature is in a place other than the Response and the Assertion')
  }
  if (rules.requireSignatures === 'both' && places !== 2)
    refuse('the Response and the Assertion must both be signed')

  const verify = (owner: Element, signature: Element | undefined): Element | undefined => {
    if (signature === undefined) return undefined
    const verified = verifyOne(xml, owner, signature, rules)
    return typeof verified === 'string' ? refuse(verified) : verified
  }
  const signedResponse = verify(response, onResponse[0])
  const signedAssertion = verify(assertion, onAssertion[0])
  const trusted = signedAssertion ?? child(signedResponse, ns.assertion, 'Assertion')
  if (trusted === undefined) return refuse('the signature does not cover the assertion')
  checks.pass('signature')
  return {
    response: signedResponse ?? response,
    assertion: trusted,
    signed: [
      ...(signedResponse ? ['Response' as const] : []),
      ...(signedAssertion ? ['Assertion' as const] : []),
    ],
  }
}

/** The signed element, parsed from its signed bytes, or the reason why the signature does not hold. */
function verifyOne(xml: string, owner: Element, signature: Element, rules: SignatureRules): Element | string {
  const shape = problemOfShape(owner, signature)
  if (shape !== undefined) return `the signature of the ${owner.localName ?? ''} ${shape}`
  const current = rules.certificates.filter((certificate) => isValidAt(certificate, rules.now))
  if (current.length === 0) return 'every imported certificate is outside its validity period'
  const signatureXml = new XMLSerializer().serializeToString(signature)
  for (const certificate of current) {
    const signedXml = verifyWith(xml, signatureXml, certificate)
    if (signedXml === undefined) continue
    const element = parseXml(signedXml)
    const same = element.localName === owner.localName && attribute(element, 'ID') === attribute(owner, 'ID')
    return same ? element : 'the signed element is not the one that carries the signature'
  }
  return `the signature of the ${owner.localName ?? ''} is not valid under any imported certificate`
}

/** What must hold before any cryptography: one reference to its own parent, and known algorithms only. */
function problemOfShape(owner: Element, signature: Element): string | undefined {
  const signedInfos = children(signature, ns.signature, 'SignedInfo')
  const signedInfo = signedInfos[0]
  if (signedInfo === undefined || signedInfos.length > 1) return 'does not have exactly one SignedInfo'
  const references = children(signedInfo, ns.signature, 'Reference')
  const reference = references[0]
  if (reference === undefined || references.length > 1) return 'does not have exactly one Reference'
  const id = attribute(owner, 'ID')
  if (id === undefined || id === '' || attribute(reference, 'URI') !== `#${id}`) {
    return 'does not refer to the element that carries it'
  }
  const algorithm = (parent: Element | undefined, name: string) =>
    attribute(child(parent, ns.signature, name), 'Algorithm') ?? '(none)'
  const method = algorithm(signedInfo, 'SignatureMethod')
  if (!includes(known.signature, method)) return `uses ${method}, which is not accepted`
  const digest = algorithm(reference, 'DigestMethod')
  if (!includes(known.digest, digest)) return `uses the digest ${digest}, which is not accepted`
  const c14n = algorithm(signedInfo, 'CanonicalizationMethod')
  if (c14n !== exclusiveC14n) return `uses the canonicalisation ${c14n}, which is not accepted`
  const transforms = children(reference, ns.signature, 'Transforms').flatMap((list) =>
    children(list, ns.signature, 'Transform').map((each) => attribute(each, 'Algorithm') ?? '(none)'),
  )
  const right = transforms.length === 2 && transforms.every((each, index) => each === known.transform[index])
  return right ? undefined : 'has transforms other than enveloped-signature and exclusive canonicalisation'
}

function includes(list: readonly string[], value: string): boolean {
  return list.includes(value)
}

/** The canonical bytes that this certificate signed, or undefined where it did not sign them. */
function verifyWith(xml: string, signatureXml: string, certificate: Certificate): string | undefined {
  const verifier = new SignedXml({ publicCert: certificate.pem, getCertFromKeyInfo: () => null })
  // Algorithms that are not in these tables cannot be verified, whatever a second parser reads in the message.
  verifier.SignatureAlgorithms = pick(verifier.SignatureAlgorithms, known.signature)
  verifier.HashAlgorithms = pick(verifier.HashAlgorithms, known.digest)
  verifier.CanonicalizationAlgorithms = pick(verifier.CanonicalizationAlgorithms, known.transform)
  try {
    verifier.loadSignature(signatureXml)
    if (!verifier.checkSignature(escapeLineSeparators(xml))) return undefined
  } catch {
    return undefined
  }
  const references = verifier.getSignedReferences()
  return references.length === 1 ? references[0] : undefined
}

/**
 * The parser inside xml-crypto takes U+0085 and U+2028 for line ends, as XML 1.1 does, and would change signed
 * text; as character references they mean the same in XML 1.0 and reach it unchanged.
 */
function escapeLineSeparators(xml: string): string {
  return xml.replace(/[\u0085\u2028]/g, (c) => `&#x${c.charCodeAt(0).toString(16)};`)
}

function pick<Value>(table: Record<string, Value>, names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(table).filter(([name]) => names.includes(name)))
}
