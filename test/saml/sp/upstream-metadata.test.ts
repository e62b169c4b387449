import { expect, test } from 'vitest'
import { buildUpstreamIdp, parseUpstreamMetadata } from '../../../src/saml/sp/upstream-metadata.js'
import { makeTestIdp, writeIdpMetadata } from '../../support/saml-signer.js'
import { certificate } from '../support.js'

const rules = { allowHttpLoopback: false }
const idp = await makeTestIdp('https://idp.corp.example')
const metadata = writeIdpMetadata(idp)

test('metadata gives entity ID, sign-in address, keys and how long it is valid', () => {
  const dated = metadata
    .replace('<md:EntityDescriptor', '<md:EntityDescriptor validUntil="2030-01-01T00:00:00Z"')
    .replace('WantAuthnRequestsSigned="false"', 'WantAuthnRequestsSigned="true"')
  expect(parseUpstreamMetadata(dated, rules)).toEqual({
    entityId: idp.entityId,
    ssoUrl: idp.ssoUrl,
    certificates: [`${idp.certificate.trim()}\n`],
    wantsSignedRequests: true,
    validUntil: Date.UTC(2030, 0, 1),
  })
})

test.each([
  [
    'that of a service provider',
    metadata.replaceAll('IDPSSODescriptor', 'SPSSODescriptor'),
    'no <IDPSSODescriptor>',
  ],
  [
    'several entities',
    '<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"/>',
    'several entities',
  ],
  ['another document', '<html/>', 'not a SAML 2.0 <EntityDescriptor>'],
  [
    'no certificate',
    metadata.replace(/<md:KeyDescriptor.*<\/md:KeyDescriptor>/, ''),
    'no signing certificate',
  ],
  [
    'a plain http address',
    metadata.replaceAll('https://idp.corp.example/sso', 'http://idp.corp.example/sso'),
    'only https',
  ],
  [
    'a script for an address',
    metadata.replaceAll('https://idp.corp.example/sso', 'javascript:alert(1)'),
    'only https',
  ],
  ['no Redirect binding', metadata.replace('HTTP-Redirect', 'HTTP-Artifact'), 'HTTP-Redirect'],
  ['a DOCTYPE', `<!DOCTYPE x>${metadata}`, 'DOCTYPE'],
  ['an end that is no instant', metadata.replace('entityID', 'validUntil="soon" entityID'), 'validUntil'],
])('metadata with %s is refused', (_, xml, message) => {
  expect(() => parseUpstreamMetadata(xml, rules)).toThrow(message)
})

test('issuer, address and certificate do in place of metadata; a key that is too weak does not', () => {
  const configured = { issuer: idp.entityId, ssoUrl: idp.ssoUrl, certificates: [certificate('dev-idp')] }
  expect(buildUpstreamIdp(configured, rules)).toMatchObject({ entityId: idp.entityId, ssoUrl: idp.ssoUrl })
  expect(() => buildUpstreamIdp({ ...configured, certificates: ['x'] }, rules)).toThrow('PEM')
  expect(() => buildUpstreamIdp({ ...configured, certificates: [] }, rules)).toThrow('PEM')
})
