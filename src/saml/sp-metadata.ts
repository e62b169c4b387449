/**
 * @module Metadata of a service provider (SAML Metadata 2.0) to the value that we trust. Two readers must agree:
 * ours decides what is taken, samlify reads the same text beside it, and a difference means a document that
 * different programs understand differently, which is refused. samlify alone takes the last ACS, a DOCTYPE and
 * `javascript:` addresses. A signature on metadata is not judged: whoever creates the resource vouches for it.
 */
import type { Element } from '@xmldom/xmldom'
import { ServiceProvider as SamlifyServiceProvider } from 'samlify'
import { GatewayError } from '../core/error.js'
import type { ServiceProviderMetadata } from '../core/saml/service-provider.js'
import { parseInstant, type Instant } from '../core/time.js'
import { attributeOf, childElements, childrenNamed, isNamed, parseXmlBoolean, textOf } from './dom.js'
import { requireEndpointUrl, type EndpointRules } from './endpoint-url.js'
import { parseHostileXml, type XmlLimits } from './hostile-xml.js'
import { bindings, namespaces } from './names.js'
import { readSigningCertificates } from './metadata-certificates.js'

export interface MetadataRules extends EndpointRules {
  /** Metadata whose `validUntil` has passed is refused. */
  readonly now: Instant
}

/** The limit of AWS for metadata that it imports; documents of service providers have a few KiB. */
export const maxMetadataBytes = 75_000

const limits: XmlLimits = {
  code: 'INVALID_METADATA',
  what: 'the metadata',
  maxBytes: maxMetadataBytes,
  maxDepth: 32,
  maxElements: 1000,
  maxAttributesPerElement: 64,
  maxAttributes: 4000,
  commentsAndCdata: true,
}

/**
 * Parses the metadata of one service provider.
 * @throws GatewayError `INVALID_METADATA` with what is wrong and where.
 */
export function parseServiceProviderMetadata(
  xml: Uint8Array | string,
  rules: MetadataRules,
): ServiceProviderMetadata {
  const document = parseHostileXml(xml, limits)
  const root = document.documentElement
  if (root !== null && isNamed(root, namespaces.metadata, 'EntitiesDescriptor')) {
    refuse('<EntitiesDescriptor> holds several entities; give the <EntityDescriptor> of one service provider')
  }
  if (root === null || !isNamed(root, namespaces.metadata, 'EntityDescriptor')) {
    return refuse(
      `the document is <${root?.localName?.slice(0, 100) ?? 'nothing'}>, not a SAML 2.0 <EntityDescriptor>`,
    )
  }
  const descriptor = findDescriptor(root)
  requireStillValid(root, rules.now)
  requireStillValid(descriptor, rules.now)
  const entityId = requireEntityId(
    attributeOf(root, 'entityID') ?? refuse('the attribute entityID is missing'),
  )
  const endpoints = readEndpoints(descriptor)
  requireSameReading(xml, entityId, endpoints)
  const signingCertificates = readSigningCertificates(descriptor)
  const authnRequestsSigned = boolean(descriptor, 'AuthnRequestsSigned') ?? false
  if (authnRequestsSigned && signingCertificates.length === 0) {
    refuse('AuthnRequestsSigned is true, but there is no signing certificate to check requests with')
  }
  return {
    entityId,
    assertionConsumerServices: toAssertionConsumerServices(endpoints, rules),
    signingCertificates,
    authnRequestsSigned,
    wantAssertionsSigned: boolean(descriptor, 'WantAssertionsSigned') ?? false,
    nameIdFormats: childrenNamed(descriptor, namespaces.metadata, 'NameIDFormat').map(
      (format) => textOf(format) ?? refuse('<NameIDFormat> must hold text alone'),
    ),
  }
}

/**
 * The metadata of a service provider that is configured by entity ID and ACS URL alone.
 * @throws GatewayError `INVALID_METADATA`.
 */
export function buildMinimalServiceProviderMetadata(
  configured: { readonly entityId: string; readonly acsUrl: string },
  rules: EndpointRules,
): ServiceProviderMetadata {
  const url = requireEndpointUrl(configured.acsUrl, 'acs_url', rules)
  return {
    entityId: requireEntityId(configured.entityId),
    assertionConsumerServices: [{ url, index: 0, isDefault: true }],
    signingCertificates: [],
    authnRequestsSigned: false,
    wantAssertionsSigned: false,
    nameIdFormats: [],
  }
}

interface Endpoint {
  readonly binding: string
  readonly location: string
  readonly index: number
  readonly isDefault: boolean | undefined
}

function findDescriptor(root: Element): Element {
  const [descriptor, second] = childrenNamed(root, namespaces.metadata, 'SPSSODescriptor')
  if (descriptor === undefined)
    return refuse('there is no <SPSSODescriptor>; this is not metadata of a service provider')
  if (second !== undefined) refuse('there is more than one <SPSSODescriptor>')
  const protocols = (attributeOf(descriptor, 'protocolSupportEnumeration') ?? '').split(/\s+/)
  if (!protocols.includes(namespaces.protocol)) {
    refuse('protocolSupportEnumeration of <SPSSODescriptor> does not name SAML 2.0')
  }
  return descriptor
}

function requireStillValid(element: Element, now: Instant): void {
  const text = attributeOf(element, 'validUntil')
  if (text === undefined) return
  const until = parseInstant(text)
  if (until === undefined) return refuse('validUntil is not a date and time with a zone')
  if (until <= now)
    refuse(`the metadata was valid until ${text}; fetch a fresh copy from the service provider`)
}

// SAML Metadata 2.2.1: entityIDType is a URI of at most 1024 characters.
function requireEntityId(entityId: string): string {
  if (entityId.length > 1024 || !/^\S+$/.test(entityId)) {
    refuse('the entity ID must be a URI of 1 to 1024 characters without spaces')
  }
  return entityId
}

function readEndpoints(descriptor: Element): Endpoint[] {
  const seen = new Set<number>()
  return childrenNamed(descriptor, namespaces.metadata, 'AssertionConsumerService').map((element) => {
    const index = attributeOf(element, 'index') ?? ''
    if (!/^\d{1,5}$/.test(index) || Number(index) > 65535) {
      refuse('an <AssertionConsumerService> has no index from 0 to 65535')
    }
    if (seen.has(Number(index))) refuse(`two <AssertionConsumerService> have the index ${Number(index)}`)
    seen.add(Number(index))
    if (childElements(element).length > 0) refuse('an <AssertionConsumerService> holds elements')
    return {
      binding: attributeOf(element, 'Binding') ?? '',
      location: attributeOf(element, 'Location') ?? '',
      index: Number(index),
      isDefault: boolean(element, 'isDefault'),
    }
  })
}

/** Only HTTP-POST can carry a Response to us (SAML Profiles 4.1.2); other bindings are left aside, not refused. */
function toAssertionConsumerServices(endpoints: readonly Endpoint[], rules: EndpointRules) {
  const services = endpoints
    .filter(({ binding }) => binding === bindings.post)
    .map(({ location, index, isDefault }) => ({
      url: requireEndpointUrl(location, `the Location of AssertionConsumerService ${index}`, rules),
      index,
      isDefault,
    }))
  return services.length > 0 ? services : refuse('no <AssertionConsumerService> has the HTTP-POST binding')
}

function requireSameReading(
  xml: Uint8Array | string,
  entityId: string,
  endpoints: readonly Endpoint[],
): void {
  const text = typeof xml === 'string' ? xml : new TextDecoder().decode(xml)
  let theirs: { readonly entityId: string; readonly locations: readonly unknown[] }
  try {
    const { entityMeta } = SamlifyServiceProvider({ metadata: text })
    const services = entityMeta.meta.assertionConsumerService
    theirs = {
      entityId: entityMeta.getEntityID(),
      locations: (Array.isArray(services) ? services : [services]).map(locationOf),
    }
  } catch (cause) {
    throw new GatewayError('INVALID_METADATA', 'the metadata cannot be read', {}, { cause })
  }
  const same =
    theirs.entityId === entityId &&
    theirs.locations.length === endpoints.length &&
    endpoints.every(({ location }, at) => theirs.locations[at] === location)
  if (!same) refuse('two XML readers understand the document differently; ask for plain metadata')
}

function locationOf(service: unknown): unknown {
  return typeof service === 'object' && service !== null && 'location' in service
    ? service.location
    : undefined
}

function boolean(element: Element, name: string): boolean | undefined {
  const value = attributeOf(element, name)
  if (value === undefined) return undefined
  return parseXmlBoolean(value) ?? refuse(`${name} is neither true nor false`)
}

function refuse(problem: string): never {
  throw new GatewayError('INVALID_METADATA', `metadata: ${problem}`)
}
