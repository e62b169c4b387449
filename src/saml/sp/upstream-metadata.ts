/**
 * @module Metadata of an upstream identity provider (SAML Metadata 2.4.3) to what a connector needs of it. A signature
 * on metadata is not judged: whoever writes the connector vouches for the document, or for the https address of it.
 */
import type { Element } from '@xmldom/xmldom'
import { GatewayError } from '../../core/error.js'
import type { UpstreamIdp } from '../../core/saml/upstream-idp.js'
import { earliest, parseInstant, type Instant } from '../../core/time.js'
import { attributeOf, childrenNamed, isNamed, parseXmlBoolean } from '../dom.js'
import { requireEndpointUrl, type EndpointRules } from '../endpoint-url.js'
import { parseHostileXml, type XmlLimits } from '../hostile-xml.js'
import { readSigningCertificates } from '../metadata-certificates.js'
import { bindings, namespaces } from '../names.js'
import { isUsableCertificate } from './verify-element.js'

/** Largest metadata, in bytes: that of AD FS, which lists every claim that it knows, has about 100 KiB. */
export const maxUpstreamMetadataBytes = 512 * 1024

const limits: XmlLimits = {
  code: 'INVALID_METADATA',
  what: 'the metadata',
  maxBytes: maxUpstreamMetadataBytes,
  maxDepth: 32,
  maxElements: 10_000,
  maxAttributesPerElement: 64,
  maxAttributes: 30_000,
  commentsAndCdata: true,
}

/**
 * Parses the metadata of one identity provider. Whether it is still valid is for the caller to say (`validUntil`).
 * @throws GatewayError `INVALID_METADATA` with what is wrong and where.
 */
export function parseUpstreamMetadata(xml: Uint8Array | string, rules: EndpointRules): UpstreamIdp {
  const root = parseHostileXml(xml, limits).documentElement
  if (root !== null && isNamed(root, namespaces.metadata, 'EntitiesDescriptor')) {
    refuse(
      '<EntitiesDescriptor> holds several entities; give the <EntityDescriptor> of one identity provider',
    )
  }
  if (root === null || !isNamed(root, namespaces.metadata, 'EntityDescriptor')) {
    return refuse(
      `the document is <${root?.localName?.slice(0, 100) ?? 'nothing'}>, not a SAML 2.0 <EntityDescriptor>`,
    )
  }
  const descriptor = findDescriptor(root)
  const certificates = readSigningCertificates(descriptor).filter(isUsableCertificate)
  if (certificates.length === 0) {
    refuse(
      'there is no signing certificate with an RSA key of 2048 bits or more, or an ECDSA key of P-256 and up',
    )
  }
  return {
    entityId: requireEntityId(attributeOf(root, 'entityID') ?? refuse('the attribute entityID is missing')),
    ssoUrl: readSsoUrl(descriptor, rules),
    certificates,
    wantsSignedRequests: readBoolean(descriptor, 'WantAuthnRequestsSigned'),
    validUntil: earliest([readValidUntil(root), readValidUntil(descriptor)]),
  }
}

/**
 * What is configured by `issuer`, `sso` and `cert` in place of metadata.
 * @throws GatewayError `INVALID_METADATA`.
 */
export function buildUpstreamIdp(
  configured: { readonly issuer: string; readonly ssoUrl: string; readonly certificates: readonly string[] },
  rules: EndpointRules,
): UpstreamIdp {
  if (configured.certificates.length === 0 || !configured.certificates.every(isUsableCertificate)) {
    refuse(
      'cert must be a certificate in PEM with an RSA key of 2048 bits or more, or an ECDSA key of P-256 and up',
    )
  }
  return {
    entityId: requireEntityId(configured.issuer),
    ssoUrl: requireEndpointUrl(configured.ssoUrl, 'sso', rules),
    certificates: configured.certificates,
    wantsSignedRequests: false,
    validUntil: undefined,
  }
}

function findDescriptor(root: Element): Element {
  const [descriptor, second] = childrenNamed(root, namespaces.metadata, 'IDPSSODescriptor')
  if (descriptor === undefined) {
    return refuse('there is no <IDPSSODescriptor>; this is not metadata of an identity provider')
  }
  if (second !== undefined) refuse('there is more than one <IDPSSODescriptor>')
  const protocols = (attributeOf(descriptor, 'protocolSupportEnumeration') ?? '').split(/\s+/)
  if (!protocols.includes(namespaces.protocol)) {
    refuse('protocolSupportEnumeration of <IDPSSODescriptor> does not name SAML 2.0')
  }
  return descriptor
}

function readSsoUrl(descriptor: Element, rules: EndpointRules): string {
  const service = childrenNamed(descriptor, namespaces.metadata, 'SingleSignOnService').find(
    (element) => attributeOf(element, 'Binding') === bindings.redirect,
  )
  if (service === undefined) return refuse('no <SingleSignOnService> has the HTTP-Redirect binding')
  return requireEndpointUrl(
    attributeOf(service, 'Location') ?? '',
    'the Location of SingleSignOnService',
    rules,
  )
}

function readValidUntil(element: Element): Instant | undefined {
  const text = attributeOf(element, 'validUntil')
  return text === undefined
    ? undefined
    : (parseInstant(text) ?? refuse('validUntil is not a date and time with a zone'))
}

function readBoolean(element: Element, name: string): boolean {
  const value = attributeOf(element, name)
  if (value === undefined) return false
  return parseXmlBoolean(value) ?? refuse(`${name} is neither true nor false`)
}

// SAML Metadata 2.2.1: entityIDType is a URI of at most 1024 characters.
function requireEntityId(entityId: string): string {
  if (entityId.length > 1024 || !/^\S+$/.test(entityId)) {
    refuse('the entity ID must be a URI of 1 to 1024 characters without spaces')
  }
  return entityId
}

function refuse(problem: string): never {
  throw new GatewayError('INVALID_METADATA', `metadata: ${problem}`)
}
