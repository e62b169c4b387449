/**
 * @module AuthnRequest XML (SAML Core 3.4.1) to the value {@link AuthnRequest}. Reads strictly and judges nothing:
 * whether issuer, times, destination and ACS are acceptable is decided in `core/saml`.
 */
import type { Element } from '@xmldom/xmldom'
import { GatewayError } from '../core/error.js'
import { parseInstant } from '../core/time.js'
import {
  attributeOf,
  childElements,
  childrenNamed,
  isNamed,
  parseXmlBoolean,
  trimBlanks,
  writtenTextOf,
} from './dom.js'
import { parseHostileXml, type XmlLimits } from './hostile-xml.js'
import { nameIdFormats, namespaces } from './names.js'
import type { AuthnRequest } from './saml.js'

/** Largest AuthnRequest, as XML, that is read: 64 KiB; one of AWS has about 1 KiB. */
export const maxRequestBytes = 64 * 1024

/** How many classes a request may name in its RequestedAuthnContext; there are about 25 in all. */
const maxAuthnContexts = 10

export const requestLimits: XmlLimits = {
  code: 'INVALID_SAML_REQUEST',
  what: 'the AuthnRequest',
  maxBytes: maxRequestBytes,
  maxDepth: 24,
  maxElements: 100,
  maxAttributesPerElement: 32,
  maxAttributes: 200,
  commentsAndCdata: false,
}

/**
 * Parses an AuthnRequest that nobody vouches for.
 * @throws GatewayError `INVALID_SAML_REQUEST`.
 */
export function parseAuthnRequest(xml: Uint8Array | string): AuthnRequest {
  const root = parseHostileXml(xml, requestLimits).documentElement
  if (root === null || !isNamed(root, namespaces.protocol, 'AuthnRequest')) {
    return refuse(
      `the message is <${root?.localName?.slice(0, 100) ?? 'nothing'}>, not a SAML 2.0 AuthnRequest`,
    )
  }
  requireKnownChildren(root)
  const id = required(root, 'ID')
  // xs:ID is an NCName; the bound and the ASCII alphabet keep it harmless wherever it is written again.
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/.test(id))
    refuse('ID is not an XML name of at most 256 ASCII characters')
  const issueInstant = parseInstant(required(root, 'IssueInstant'))
  if (issueInstant === undefined) return refuse('IssueInstant is not a date and time in UTC')
  const acsUrl = uri(root, 'AssertionConsumerServiceURL')
  const acsIndex = index(root, 'AssertionConsumerServiceIndex')
  const protocolBinding = uri(root, 'ProtocolBinding')
  if (acsIndex !== undefined && (acsUrl !== undefined || protocolBinding !== undefined)) {
    refuse(
      'AssertionConsumerServiceIndex excludes AssertionConsumerServiceURL and ProtocolBinding (SAML Core 3.4.1); send one or the other',
    )
  }
  const policy = single(root, namespaces.protocol, 'NameIDPolicy')
  return {
    id,
    issuer: readIssuer(root),
    version: bounded(required(root, 'Version'), 'Version', 16),
    issueInstant,
    destination: uri(root, 'Destination'),
    acsUrl,
    acsIndex,
    protocolBinding,
    forceAuthn: boolean(root, 'ForceAuthn'),
    isPassive: boolean(root, 'IsPassive'),
    nameIdFormat: policy && uri(policy, 'Format'),
    spNameQualifier: policy && uri(policy, 'SPNameQualifier'),
    requestedAuthnContext: readAuthnContext(root),
  }
}

const readChildren = ['NameIDPolicy', 'RequestedAuthnContext']
const ignoredChildren = ['Extensions', 'Scoping']

function requireKnownChildren(root: Element): void {
  for (const child of childElements(root)) {
    const { namespaceURI: namespace, localName: name } = child
    if (namespace === namespaces.assertion && (name === 'Issuer' || name === 'Conditions')) continue
    if (namespace === namespaces.signature && name === 'Signature') continue
    if (namespace === namespaces.protocol && [...readChildren, ...ignoredChildren].includes(name ?? ''))
      continue
    if (namespace === namespaces.assertion && name === 'Subject') {
      // SAML Core 3.4.1.1: an assertion for anyone else would be a wrong answer, so it is not ignored.
      refuse('<Subject> names the person to sign in, which is not supported; leave it out')
    }
    refuse(`<${name?.slice(0, 100) ?? ''}> is not an element of AuthnRequest (SAML Core 3.4.1)`)
  }
}

function readIssuer(root: Element): string {
  const issuer = single(root, namespaces.assertion, 'Issuer')
  if (issuer === undefined) return refuse('<Issuer> is missing (SAML Profiles 4.1.4.1)')
  const format = attributeOf(issuer, 'Format')
  if (format !== undefined && format !== nameIdFormats.entity)
    refuse('<Issuer> has a Format other than "entity"')
  // SAML Core 8.3.6: an entity identifier has at most 1024 characters.
  const text = simpleText(issuer, 'Issuer', 1024)
  return text === '' ? refuse('<Issuer> is empty') : text
}

function readAuthnContext(root: Element): string[] {
  const requested = single(root, namespaces.protocol, 'RequestedAuthnContext')
  if (requested === undefined) return []
  const references = childElements(requested)
  if (references.length > maxAuthnContexts) {
    return refuse(`<RequestedAuthnContext> holds more than ${maxAuthnContexts} elements`)
  }
  return references.map((child) => {
    if (!isNamed(child, namespaces.assertion, 'AuthnContextClassRef')) {
      return refuse('<RequestedAuthnContext> may hold only <AuthnContextClassRef>')
    }
    return simpleText(child, 'AuthnContextClassRef', 256)
  })
}

function single(parent: Element, namespace: string, name: string): Element | undefined {
  const [first, second] = childrenNamed(parent, namespace, name)
  return second === undefined ? first : refuse(`<${name}> is given more than once`)
}

/** At most `limit` characters are read, so many blanks around them at most. */
function simpleText(element: Element, name: string, limit: number): string {
  const written = writtenTextOf(element) ?? refuse(`<${name}> must hold text alone, without elements inside`)
  if (written.length > 2 * limit) refuse(`<${name}> is longer than ${limit} characters`)
  return bounded(trimBlanks(written), `<${name}>`, limit)
}

function required(element: Element, name: string): string {
  return attributeOf(element, name) ?? refuse(`the attribute ${name} is missing`)
}

function uri(element: Element, name: string): string | undefined {
  const value = attributeOf(element, name)
  return value === undefined ? undefined : bounded(value, name, 2048)
}

function index(element: Element, name: string): number | undefined {
  const value = attributeOf(element, name)
  if (value === undefined) return undefined
  // xs:unsignedShort
  return /^\d{1,5}$/.test(value) && Number(value) <= 65535
    ? Number(value)
    : refuse(`${name} is not a number up to 65535`)
}

function boolean(element: Element, name: string): boolean {
  const value = attributeOf(element, name)
  if (value === undefined) return false
  return parseXmlBoolean(value) ?? refuse(`${name} is neither true nor false`)
}

function bounded(value: string, name: string, limit: number): string {
  return value.length <= limit ? value : refuse(`${name} is longer than ${limit} characters`)
}

function refuse(problem: string): never {
  throw new GatewayError('INVALID_SAML_REQUEST', `AuthnRequest: ${problem}`)
}
