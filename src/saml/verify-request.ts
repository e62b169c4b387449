/**
 * @module Signatures on requests: detached in a query (SAML Bindings 3.4.4.1), enveloped in posted XML (SAML
 * Core 5.4). Only the given certificates count, whatever the message says of itself, and only RSA with SHA-256
 * or better. A signature that cannot be relied on is an answer with its reason, not an error.
 */
import { verify, X509Certificate, type KeyObject } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { XMLSerializer, type Element } from '@xmldom/xmldom'
import { ExclusiveCanonicalization, SignedXml } from 'xml-crypto'
import { GatewayError } from '../core/error.js'
import { shorten } from '../core/saml/quote.js'
import { parseAuthnRequest, requestLimits } from './authn-request.js'
import { attributeOf, childrenNamed, descendants, isNamed, textOf } from './dom.js'
import { findSignatureProblem } from './enveloped-signature.js'
import { parseHostileXml } from './hostile-xml.js'
import { algorithms, namespaces } from './names.js'
import type { RedirectRequest } from './parse-request.js'
import type { SignatureState } from './saml.js'

// A map: in an object, an algorithm named "constructor" would be found.
const digests: ReadonlyMap<string, string> = new Map([
  [algorithms.rsaSha256, 'sha256'],
  [algorithms.rsaSha384, 'sha384'],
  [algorithms.rsaSha512, 'sha512'],
])

/** Verifies a request by HTTP-Redirect with each of the PEM `certificates`. */
export function verifyRedirectSignature(
  parsed: RedirectRequest,
  certificates: readonly string[],
): SignatureState {
  const { signature } = parsed
  if (signature === undefined) return { state: 'unsigned' }
  const digest = digests.get(signature.sigAlg)
  if (digest === undefined) {
    return invalid(
      `the signature algorithm "${shorten(signature.sigAlg)}" is not accepted; use RSA with SHA-256`,
    )
  }
  if (certificates.length === 0) return noCertificate
  const data = Buffer.from(signature.signedOctets, 'latin1')
  const matches = certificates
    .map(readRsaKey)
    .some((key) => key !== undefined && verify(digest, data, key, signature.signature))
  return matches ? { state: 'valid' } : noMatch
}

/**
 * Verifies the enveloped signature of a posted request, as {@link parsePostRequest} gave it in `xml`.
 * @throws GatewayError `INVALID_SAML_REQUEST` if `xml` is not a request at all.
 */
export function verifyPostSignature(xml: string, certificates: readonly string[]): SignatureState {
  const root = parseHostileXml(xml, requestLimits).documentElement
  if (root === null) throw new GatewayError('INVALID_SAML_REQUEST', 'the AuthnRequest has no root element')
  const signatures = [...descendants(root)].filter((element) =>
    isNamed(element, namespaces.signature, 'Signature'),
  )
  const [signature, second] = signatures
  if (signature === undefined) return { state: 'unsigned' }
  if (second !== undefined) return invalid('the request holds more than one Signature')
  const problem = findSignatureProblem(root, signature)
  if (problem !== undefined) return invalid(problem)
  if (certificates.length === 0) return noCertificate
  const isSignedBy = readSignatureValue(signature)
  for (const certificate of certificates) {
    const key = readRsaKey(certificate)
    // The cheap half first, and for each certificate: only who holds the key can make us digest the whole request.
    if (key === undefined || !isSignedBy(key)) continue
    const signedXml = checkEnveloped(xml, signature, certificate)
    if (signedXml === undefined) continue
    // What was signed is read again, alone: it must say the same as the message that we act on.
    const same = isDeepStrictEqual(parseAuthnRequest(signedXml), parseAuthnRequest(xml))
    return same ? { state: 'valid' } : invalid('the signed part of the request differs from the request')
  }
  return noMatch
}

/**
 * Whether a key made the SignatureValue over SignedInfo (XML Signature §3.2.2), of a signature without
 * `findSignatureProblem`. This says nothing of the request itself; `checkEnveloped` does, and checks this again.
 */
function readSignatureValue(signature: Element): (key: KeyObject) => boolean {
  const [signedInfo] = childrenNamed(signature, namespaces.signature, 'SignedInfo')
  const [value] = childrenNamed(signature, namespaces.signature, 'SignatureValue')
  const [method] = signedInfo ? childrenNamed(signedInfo, namespaces.signature, 'SignatureMethod') : []
  const digest = digests.get((method && attributeOf(method, 'Algorithm')) ?? '')
  if (!signedInfo || !value || digest === undefined) return () => false
  // xml-crypto types its DOM by the library of browsers; xmldom's element is what it works on.
  const data = Buffer.from(new ExclusiveCanonicalization().process(signedInfo as never, {}))
  const bytes = Buffer.from(textOf(value) ?? '', 'base64')
  return (key) => verify(digest, data, key, bytes)
}

/** The canonical bytes that this certificate's key signed, or undefined. */
function checkEnveloped(xml: string, signature: Element, certificate: string): string | undefined {
  // Without `getCertFromKeyInfo` xml-crypto ignores KeyInfo; without `enableHMAC` a certificate is no HMAC secret.
  const signed = new SignedXml({ publicCert: certificate })
  try {
    // As text: xml-crypto brings its own DOM and finds the element again by its SignatureValue.
    signed.loadSignature(new XMLSerializer().serializeToString(signature))
    const references = signed.checkSignature(xml) ? signed.getSignedReferences() : []
    return references.length === 1 ? references[0] : undefined
  } catch {
    // It throws for a wrong signature value and for whatever it cannot read: both mean "not by this key".
    return undefined
  }
}

function readRsaKey(certificate: string): KeyObject | undefined {
  try {
    const key = new X509Certificate(certificate).publicKey
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return key.asymmetricKeyType === 'rsa' && bits >= 2048 ? key : undefined
  } catch {
    return undefined
  }
}

function invalid(because: string): SignatureState {
  return { state: 'invalid', because }
}

const noCertificate = invalid(
  'the request is signed, but the metadata of the service provider has no signing certificate to check it with',
)
const noMatch = invalid(
  'the signature does not match the request under any signing certificate of the service provider (RSA, 2048 bits or more)',
)
