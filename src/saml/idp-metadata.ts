/**
 * @module Our own metadata (SAML Metadata 2.4.3), as service providers import it. On one line: AWS has been seen
 * to refuse indented documents. The emailAddress NameID format is the only one that AWS accepts here.
 */
import { GatewayError } from '../core/error.js'
import { bindings, nameIdFormats, namespaces } from './names.js'
import { certificateBody } from './signature-key.js'
import { canonicalAttribute as attribute, canonicalText as text } from './xml-characters.js'

/** Longest metadata that AWS imports, in characters. */
export const maxIdpMetadataLength = 75_000

export interface IdpDescription {
  readonly entityId: string
  /** One address for both bindings. */
  readonly ssoUrl: string
  /** Every active signing certificate (PEM): two while keys roll over. */
  readonly certificatesPem: readonly string[]
  readonly nameIdFormats?: readonly string[]
  readonly wantAuthnRequestsSigned?: boolean
}

/**
 * Writes the metadata of this identity provider.
 * @throws GatewayError `INTERNAL` without a certificate or beyond {@link maxIdpMetadataLength}.
 */
export function buildIdpMetadata(idp: IdpDescription): string {
  if (idp.certificatesPem.length === 0)
    throw new GatewayError('INTERNAL', 'there is no signing certificate to publish')
  const keys = idp.certificatesPem.map(
    (pem) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${namespaces.signature}"><ds:X509Data>` +
      `<ds:X509Certificate>${certificateBody(pem)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  )
  const formats = (idp.nameIdFormats ?? [nameIdFormats.emailAddress]).map(
    (format) => `<md:NameIDFormat>${text(format, 'NameIDFormat')}</md:NameIDFormat>`,
  )
  const services = [bindings.redirect, bindings.post].map(
    (binding) =>
      `<md:SingleSignOnService Binding="${binding}" Location="${attribute(idp.ssoUrl, 'ssoUrl')}"></md:SingleSignOnService>`,
  )
  const metadata =
    '<?xml version="1.0" encoding="UTF-8"?>' +
    `<md:EntityDescriptor xmlns:md="${namespaces.metadata}" entityID="${attribute(idp.entityId, 'entityId')}">` +
    `<md:IDPSSODescriptor WantAuthnRequestsSigned="${idp.wantAuthnRequestsSigned ?? false}"` +
    ` protocolSupportEnumeration="${namespaces.protocol}">${keys.join('')}${formats.join('')}${services.join('')}` +
    '</md:IDPSSODescriptor></md:EntityDescriptor>'
  if (metadata.length > maxIdpMetadataLength) {
    throw new GatewayError(
      'INTERNAL',
      `the metadata is longer than ${maxIdpMetadataLength} characters; retire old keys`,
    )
  }
  return metadata
}
