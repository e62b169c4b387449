/**
 * @module What we send to an upstream identity provider: the AuthnRequest (SAML Core 3.4.1) by HTTP-Redirect, and our
 * own metadata as its service provider (SAML Metadata 2.4.4).
 */
import { sign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { GatewayError } from '../../core/error.js'
import { formatInstant, type Instant } from '../../core/time.js'
import { algorithms, bindings, namespaces } from '../names.js'
import { certificateBody, type ResponseSigningKey } from '../signature-key.js'
import { canonicalAttribute as attribute, canonicalText as text } from '../xml-characters.js'

export interface LoginRequest {
  /** An XML name that nobody can guess; the answer must name it. */
  readonly id: string
  readonly issueInstant: Instant
  readonly entityId: string
  readonly acsUrl: string
  /** Where the identity provider takes requests by HTTP-Redirect. */
  readonly ssoUrl: string
  readonly relayState: string
  /** The person proves anew who they are, whatever session the identity provider has. */
  readonly forceAuthn: boolean
}

/** The address to which the browser is sent; signed with `key` where there is one (SAML Bindings 3.4.4.1). */
export function buildLoginRedirect(request: LoginRequest, key: ResponseSigningKey | undefined): string {
  const xml =
    `<samlp:AuthnRequest xmlns:samlp="${namespaces.protocol}" ID="${attribute(request.id, 'ID')}" Version="2.0"` +
    ` IssueInstant="${formatInstant(request.issueInstant)}" Destination="${attribute(request.ssoUrl, 'ssoUrl')}"` +
    (request.forceAuthn ? ' ForceAuthn="true"' : '') +
    ` AssertionConsumerServiceURL="${attribute(request.acsUrl, 'acsUrl')}" ProtocolBinding="${bindings.post}">` +
    `<saml:Issuer xmlns:saml="${namespaces.assertion}">${text(request.entityId, 'entityId')}</saml:Issuer>` +
    '</samlp:AuthnRequest>'
  const message = encodeURIComponent(deflateRawSync(Buffer.from(xml)).toString('base64'))
  let query = `SAMLRequest=${message}&RelayState=${encodeURIComponent(request.relayState)}`
  if (key !== undefined) {
    query += `&SigAlg=${encodeURIComponent(algorithms.rsaSha256)}`
    const value = sign('sha256', Buffer.from(query), key.privateKey).toString('base64')
    query += `&Signature=${encodeURIComponent(value)}`
  }
  return `${request.ssoUrl}${request.ssoUrl.includes('?') ? '&' : '?'}${query}`
}

export interface SpDescription {
  readonly entityId: string
  readonly acsUrl: string
  /** PEM; by these our requests are signed. */
  readonly certificatesPem: readonly string[]
  readonly signsRequests: boolean
}

/**
 * Writes our metadata as service provider for one connector.
 * @throws GatewayError `INTERNAL` without a certificate.
 */
export function buildSpMetadata(sp: SpDescription): string {
  if (sp.certificatesPem.length === 0) {
    throw new GatewayError('INTERNAL', 'there is no signing certificate to publish')
  }
  const keys = sp.certificatesPem.map(
    (pem) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${namespaces.signature}"><ds:X509Data>` +
      `<ds:X509Certificate>${certificateBody(pem)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  )
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    `<md:EntityDescriptor xmlns:md="${namespaces.metadata}" entityID="${attribute(sp.entityId, 'entityId')}">` +
    `<md:SPSSODescriptor AuthnRequestsSigned="${sp.signsRequests}" WantAssertionsSigned="true"` +
    ` protocolSupportEnumeration="${namespaces.protocol}">${keys.join('')}` +
    `<md:AssertionConsumerService Binding="${bindings.post}" Location="${attribute(sp.acsUrl, 'acsUrl')}"` +
    ' index="0" isDefault="true"></md:AssertionConsumerService></md:SPSSODescriptor></md:EntityDescriptor>'
  )
}
