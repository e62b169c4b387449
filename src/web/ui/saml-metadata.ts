/**
 * @module What SAML metadata says, for people to see before it is sent or copied. It is for reading alone: the server
 * reads the same text by its own rules and decides whether it can be used.
 */
const metadataNamespace = 'urn:oasis:names:tc:SAML:2.0:metadata'
const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#'

export interface ReadMetadata {
  readonly entityId: string
  /** Addresses that receive assertions, of a service provider. */
  readonly acsUrls: readonly string[]
  /** Where people sign in, of an identity provider. */
  readonly ssoUrl: string | undefined
  /** RFC 3339, as written; metadata without it never ends. */
  readonly validUntil: string | undefined
  /** PEM, in the order of the document. */
  readonly certificates: readonly string[]
}

/** Undefined for text that is no metadata of one entity. A browser's parser loads nothing and resolves no entity. */
export function readMetadata(xml: string): ReadMetadata | undefined {
  const parsed = new DOMParser().parseFromString(xml.trim(), 'application/xml')
  const root = parsed.documentElement
  if (root.namespaceURI !== metadataNamespace || root.localName !== 'EntityDescriptor') return undefined
  const all = (name: string) => [...parsed.getElementsByTagNameNS(metadataNamespace, name)]
  const locations = (name: string) => all(name).flatMap((one) => one.getAttribute('Location') ?? [])
  return {
    entityId: root.getAttribute('entityID') ?? '',
    acsUrls: [...new Set(locations('AssertionConsumerService'))],
    ssoUrl: locations('SingleSignOnService')[0],
    validUntil: root.getAttribute('validUntil') ?? undefined,
    certificates: [...parsed.getElementsByTagNameNS(signatureNamespace, 'X509Certificate')].map((one) =>
      toPem(one.textContent),
    ),
  }
}

/** Why a file is not what a service provider tells of itself, for the person who chose it; undefined where it may be. */
export function findMetadataProblem(xml: string, ownEntityId: string): string | undefined {
  if (xml.trim() === '') return undefined
  const read = readMetadata(xml)
  if (read === undefined) {
    return 'This is no metadata that can be read: it may be cut off, or another file. Download it again in the AWS console and choose it here.'
  }
  if (read.entityId === ownEntityId) {
    return 'That is the metadata of Gatehouse itself, for AWS. Here goes the file that AWS offers under “Service provider metadata”.'
  }
  if (read.acsUrls.length === 0) {
    return 'This is metadata of an identity provider. Here goes the file that AWS offers under “Service provider metadata”.'
  }
  return undefined
}

/** RFC 7468 §3: lines of 64 characters. */
function toPem(base64: string): string {
  const lines = base64.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
