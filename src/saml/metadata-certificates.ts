/**
 * @module Certificates out of metadata (SAML Metadata 2.4.1.1). A certificate is a way to write down a public key
 * here: dates and issuers are not judged, as the metadata interoperability profile has it.
 */
import { X509Certificate } from 'node:crypto'
import type { Element } from '@xmldom/xmldom'
import { GatewayError } from '../core/error.js'
import { attributeOf, childrenNamed, textOf } from './dom.js'
import { namespaces } from './names.js'

/**
 * The certificates that may sign for this role descriptor, as PEM; a KeyDescriptor without `use` serves both uses.
 * @throws GatewayError `INVALID_METADATA` for a certificate that cannot be read.
 */
export function readSigningCertificates(descriptor: Element): string[] {
  const found = childrenNamed(descriptor, namespaces.metadata, 'KeyDescriptor')
    .filter((key) => (attributeOf(key, 'use') ?? 'signing') === 'signing')
    .flatMap((key) => childrenNamed(key, namespaces.signature, 'KeyInfo'))
    .flatMap((info) => childrenNamed(info, namespaces.signature, 'X509Data'))
    .flatMap((data) => childrenNamed(data, namespaces.signature, 'X509Certificate'))
    .map(toPem)
  return [...new Set(found)]
}

function toPem(element: Element): string {
  const body = textOf(element)?.replace(/\s+/g, '')
  try {
    if (body !== undefined && /^[A-Za-z0-9+/]+={0,2}$/.test(body)) {
      return new X509Certificate(Buffer.from(body, 'base64')).toString()
    }
  } catch {
    // Falls through to the one message below: OpenSSL's own words help nobody here.
  }
  throw new GatewayError(
    'INVALID_METADATA',
    'metadata: a signing <X509Certificate> is not a certificate in base64',
  )
}
