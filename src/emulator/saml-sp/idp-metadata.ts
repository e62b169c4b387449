/**
 * @module The metadata file that an administrator uploads for the external identity provider, read with AWS's
 * rules. A NameIDFormat other than emailAddress passes the upload, as it does there, and fails every sign-in.
 */
import { invalidInput } from '../error.js'
import {
  emailAddressFormat,
  parseMetadataCertificate,
  type IdentityProvider,
} from '../state/identity-provider.js'
import { attribute, children, is, ns, parseXml, textOf, XmlProblem } from './xml.js'
import type { Element } from '@xmldom/xmldom'

const maxCharacters = 75_000
const bindings = {
  redirect: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
  post: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
} as const

/**
 * Parses IdP metadata (SAML Metadata 2.4.3).
 * @throws EmulatorError that says what the document lacks.
 */
export function parseIdpMetadata(xml: string): IdentityProvider {
  if (xml.length > maxCharacters) {
    throw invalidInput(`the metadata has ${xml.length} characters; at most ${maxCharacters} are allowed`)
  }
  const root = parseRoot(xml)
  if (!is(root, ns.metadata, 'EntityDescriptor')) {
    throw invalidInput(`the metadata is ${root.nodeName}, not a single md:EntityDescriptor`)
  }
  const entityId = attribute(root, 'entityID')
  if (entityId === undefined || entityId === '') throw invalidInput('the metadata has no entityID')
  const descriptors = children(root, ns.metadata, 'IDPSSODescriptor')
  const descriptor = descriptors[0]
  if (descriptor === undefined || descriptors.length > 1) {
    throw invalidInput(
      `the metadata has ${descriptors.length} IDPSSODescriptor elements; exactly one is required`,
    )
  }
  const certificates = signingCertificates(descriptor)
  if (certificates.length === 0) throw invalidInput('the metadata has no X509Certificate for signing')
  const redirectUrl = ssoUrl(descriptor, bindings.redirect)
  const postUrl = ssoUrl(descriptor, bindings.post)
  if (redirectUrl === undefined && postUrl === undefined) {
    throw invalidInput('the metadata has no SingleSignOnService for HTTP-Redirect or HTTP-POST')
  }
  const nameIdFormats = children(descriptor, ns.metadata, 'NameIDFormat').map(
    (each) => textOf(each)?.trim() ?? '',
  )
  return { entityId, redirectUrl, postUrl, nameIdFormats, certificates }
}

function parseRoot(xml: string): Element {
  try {
    return parseXml(xml)
  } catch (error) {
    if (error instanceof XmlProblem) throw invalidInput(`the metadata cannot be read: ${error.message}`)
    throw error
  }
}

/** SAML Metadata 2.4.1.1: a key without `use` serves signing too. */
function signingCertificates(descriptor: Element): IdentityProvider['certificates'] {
  const found = children(descriptor, ns.metadata, 'KeyDescriptor')
    .filter((key) => attribute(key, 'use') !== 'encryption')
    .flatMap((key) => children(key, ns.signature, 'KeyInfo'))
    .flatMap((info) => children(info, ns.signature, 'X509Data'))
    .flatMap((data) => children(data, ns.signature, 'X509Certificate'))
    .map((element) => parseMetadataCertificate(textOf(element) ?? ''))
  return found.filter((certificate, index) => found.findIndex((each) => each.id === certificate.id) === index)
}

function ssoUrl(descriptor: Element, binding: string): string | undefined {
  const service = children(descriptor, ns.metadata, 'SingleSignOnService').find(
    (each) => attribute(each, 'Binding') === binding,
  )
  const location = attribute(service, 'Location')
  if (location === undefined) return undefined
  const url = URL.canParse(location) ? new URL(location) : undefined
  const loopback = url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  // AWS takes https only; on this machine the gateway may speak plain http.
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))) {
    throw invalidInput(
      `the SingleSignOnService Location ${location} is not https (http only on a loopback address)`,
    )
  }
  return location
}

/** Whether the metadata promises a NameID that AWS can use. */
export function offersEmailAddress(idp: IdentityProvider): boolean {
  return idp.nameIdFormats.includes(emailAddressFormat)
}
