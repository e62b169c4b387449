/**
 * @module `GET /platform/saml/metadata/<identity store id>`: the service provider's metadata in AWS's form. It
 * offers no key, because AWS signs no request and decrypts nothing.
 */
import type { Router } from 'express'
import { operation, type EmulatorContext } from '../context.js'
import { EmulatorError } from '../error.js'
import { emailAddressFormat } from '../state/identity-provider.js'
import { acsEndpoints, spEntityId } from '../state/instance.js'
import { escapeXml, ns } from './xml.js'

export function mountMetadata(router: Router, context: EmulatorContext): void {
  router.get(
    '/platform/saml/metadata/:identityStoreId',
    operation(context, 'saml-sp:GetMetadata', (req, res) => {
      if (req.params['identityStoreId'] !== context.state.instance.identityStoreId) {
        throw new EmulatorError(404, 'NOT_FOUND', 'there is no instance with this identity store id')
      }
      res.type('application/samlmetadata+xml').send(buildSpMetadata(context))
    }),
  )
}

/** SAML Metadata 2.4.4, with every ACS of the instance. */
export function buildSpMetadata(context: EmulatorContext): string {
  const { instance } = context.state
  const services = acsEndpoints(instance).map(
    ({ index, isDefault, path }) =>
      `<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" ` +
      `Location="${escapeXml(context.publicUrl + path)}" index="${index}" isDefault="${isDefault}"/>`,
  )
  return (
    `<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="${ns.metadata}" ` +
    `entityID="${escapeXml(spEntityId(instance))}">` +
    `<md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" ` +
    `protocolSupportEnumeration="${ns.protocol}">` +
    `<md:NameIDFormat>${emailAddressFormat}</md:NameIDFormat>${services.join('')}` +
    `</md:SPSSODescriptor></md:EntityDescriptor>`
  )
}
