/**
 * @module Signatures of upstream identity providers, enveloped in what they sign (SAML Core 5.4). Only certificates out
 * of the metadata count, whatever the message says of its key, and only RSA (2048 bits or more) and ECDSA (P-256 and
 * up), with SHA-256 or better. The answer is the canonical bytes that were signed: nothing else is ever read.
 */
import { verify, X509Certificate, type KeyObject } from 'node:crypto'
import { XMLSerializer, type Element } from '@xmldom/xmldom'
import { ExclusiveCanonicalization, SignedXml } from 'xml-crypto'
import { attributeOf, childrenNamed, textOf } from '../dom.js'
import { findSignatureProblem, type SignatureTerms } from '../enveloped-signature.js'
import { algorithms, namespaces } from '../names.js'

type KeyType = 'rsa' | 'ec'

const methods: ReadonlyMap<string, { readonly digest: string; readonly type: KeyType }> = new Map([
  [algorithms.rsaSha256, { digest: 'sha256', type: 'rsa' }],
  [algorithms.rsaSha384, { digest: 'sha384', type: 'rsa' }],
  [algorithms.rsaSha512, { digest: 'sha512', type: 'rsa' }],
  [algorithms.ecdsaSha256, { digest: 'sha256', type: 'ec' }],
  [algorithms.ecdsaSha384, { digest: 'sha384', type: 'ec' }],
  [algorithms.ecdsaSha512, { digest: 'sha512', type: 'ec' }],
])

const curves: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1']

export type ElementSignature =
  { readonly ok: true; readonly signedXml: string } | { readonly ok: false; readonly says: string }

/**
 * Verifies the `signature` of `element`, which is `xml` or a part of it, with each of the PEM `certificates`. Ids must
 * be known to be unique in the whole of `xml`. `what` names the element in messages.
 */
export function verifyElement(
  xml: string,
  element: Element,
  signature: Element,
  certificates: readonly string[],
  what: string,
): ElementSignature {
  const terms: SignatureTerms = { what, methods: [...methods.keys()], use: 'RSA or ECDSA with SHA-256' }
  const problem = findSignatureProblem(element, signature, terms)
  if (problem !== undefined) return { ok: false, says: problem }
  const check = readSignatureValue(signature)
  for (const certificate of certificates) {
    const key = readPublicKey(certificate)
    // The cheap half first, and for each certificate: only who holds the key can make us digest the whole.
    if (key === undefined || !check(key)) continue
    const signedXml = digestSigned(xml, signature, key, certificate)
    return signedXml === undefined
      ? { ok: false, says: `what the identity provider signed is not the ${what} that came` }
      : { ok: true, signedXml }
  }
  return {
    ok: false,
    says: `the signature of the ${what} is by no certificate in the metadata of the identity provider; refresh the metadata where its key has changed`,
  }
}

/** Whether a certificate holds a key by which an identity provider may sign. */
export function isUsableCertificate(certificate: string): boolean {
  return readPublicKey(certificate) !== undefined
}

/** Whether a key made the SignatureValue over SignedInfo (XML Signature §3.2.2). */
function readSignatureValue(signature: Element): (key: KeyObject) => boolean {
  const [signedInfo] = childrenNamed(signature, namespaces.signature, 'SignedInfo')
  const [value] = childrenNamed(signature, namespaces.signature, 'SignatureValue')
  const [named] = signedInfo ? childrenNamed(signedInfo, namespaces.signature, 'SignatureMethod') : []
  const method = methods.get((named && attributeOf(named, 'Algorithm')) ?? '')
  if (!signedInfo || !value || method === undefined) return () => false
  // xml-crypto types its DOM by the library of browsers; xmldom's element is what it works on.
  const data = Buffer.from(new ExclusiveCanonicalization().process(signedInfo as never, {}))
  const bytes = Buffer.from(textOf(value) ?? '', 'base64')
  return (key) => key.asymmetricKeyType === method.type && verifyBytes(method.digest, data, key, bytes)
}

// XML Signature 1.1 §6.4.3 writes an ECDSA signature as r and s side by side.
function verifyBytes(digest: string, data: Buffer, key: KeyObject, bytes: Buffer): boolean {
  return verify(digest, data, { key, dsaEncoding: 'ieee-p1363' }, bytes)
}

/** The canonical bytes whose digest is in the signature, or undefined where they have another. */
function digestSigned(
  xml: string,
  signature: Element,
  key: KeyObject,
  certificate: string,
): string | undefined {
  // Without `getCertFromKeyInfo` xml-crypto ignores KeyInfo; without `enableHMAC` a certificate is no HMAC secret.
  const signed = new SignedXml({ publicCert: certificate })
  // Of its own it knows RSA alone; by these it checks again what `readSignatureValue` did.
  for (const [name, { digest }] of methods) {
    signed.SignatureAlgorithms[name] = class {
      getAlgorithmName = () => name
      getSignature = () => {
        throw new Error('nothing is signed here')
      }
      verifySignature = (material: string, _key: unknown, value: string) =>
        verifyBytes(digest, Buffer.from(material), key, Buffer.from(value, 'base64'))
    }
  }
  try {
    // As text: xml-crypto brings its own DOM and finds the element again by its SignatureValue.
    signed.loadSignature(new XMLSerializer().serializeToString(signature))
    const references = signed.checkSignature(xml) ? signed.getSignedReferences() : []
    return references.length === 1 ? references[0] : undefined
  } catch {
    // It throws for a wrong signature value and for whatever it cannot read: both mean "not this".
    return undefined
  }
}

function readPublicKey(certificate: string): KeyObject | undefined {
  try {
    const key = new X509Certificate(certificate).publicKey
    const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
    const isGood =
      (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048) ||
      (key.asymmetricKeyType === 'ec' && curves.includes(namedCurve))
    return isGood ? key : undefined
  } catch {
    return undefined
  }
}
