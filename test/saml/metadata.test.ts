/**
 * @module Metadata both ways: what we believe of a service provider's, and what others read in ours.
 */
import { IdentityProvider } from 'samlify'
import { describe, expect, test } from 'vitest'
import { buildIdpMetadata } from '../../src/saml/idp-metadata.js'
import {
  buildMinimalServiceProviderMetadata,
  maxMetadataBytes,
  parseServiceProviderMetadata,
} from '../../src/saml/sp-metadata.js'
import { readFixtures } from './fixtures.js'
import { canonicalForm, certificate, now } from './support.js'

interface Expected {
  readonly rules: { readonly now: string; readonly allowHttpLoopback: boolean }
  readonly metadata?: object
  readonly message?: string
}

function refusal(message: string) {
  return expect.objectContaining({ code: 'INVALID_METADATA', message: expect.stringContaining(message) })
}

function parse({ content, expected }: { content: Buffer; expected: Expected }) {
  const { allowHttpLoopback, now: at } = expected.rules
  return parseServiceProviderMetadata(content, { allowHttpLoopback, now: Date.parse(at) })
}

const valid = readFixtures<Expected>('metadata', 'valid')

describe('metadata of a service provider', () => {
  test.each(valid)('$name is read', (fixture) => {
    expect(parse(fixture)).toEqual(fixture.expected.metadata)
  })

  test.each(readFixtures<Expected>('metadata', 'invalid'))('$name is refused', (fixture) => {
    expect(() => parse(fixture)).toThrow(refusal(fixture.expected.message ?? 'a reason'))
  })

  test('is read as text too', () => {
    const [fixture] = valid
    const rules = { allowHttpLoopback: false, now }
    expect(parseServiceProviderMetadata(fixture?.content.toString() ?? '', rules)).toEqual(
      fixture?.expected.metadata,
    )
  })

  test('is refused beyond its size limit', () => {
    const rules = { allowHttpLoopback: false, now }
    expect(() => parseServiceProviderMetadata(' '.repeat(maxMetadataBytes + 1), rules)).toThrow(
      refusal('has 75001 bytes; the limit is 75000'),
    )
  })

  test('is refused where two readers would understand it differently', () => {
    // samlify looks for the descriptor by its local name alone.
    const xml =
      valid[0]?.content.toString().replace('<md:SPSSODescriptor', '<x:SPSSODescriptor xmlns:x="urn:x">$&') ??
      ''
    const alien =
      '<x:SPSSODescriptor xmlns:x="urn:x"><x:AssertionConsumerService Location="https://evil.example/"/></x:SPSSODescriptor>'
    const nested =
      valid[0]?.content.toString().replace('<md:SPSSODescriptor', `${alien}<md:SPSSODescriptor`) ?? ''
    const rules = { allowHttpLoopback: false, now }
    expect(() => parseServiceProviderMetadata(xml, rules)).toThrow(refusal('is not well-formed XML'))
    expect(() => parseServiceProviderMetadata(nested, rules)).toThrow(
      refusal('two XML readers understand the document differently'),
    )
  })
})

describe('a service provider without metadata', () => {
  const entityId = 'https://sp.example/saml'

  test('has one ACS, the default, and signs nothing', () => {
    const metadata = buildMinimalServiceProviderMetadata(
      { entityId, acsUrl: 'https://sp.example/acs?x=1' },
      { allowHttpLoopback: false },
    )
    expect(metadata).toEqual({
      entityId,
      assertionConsumerServices: [{ url: 'https://sp.example/acs?x=1', index: 0, isDefault: true }],
      signingCertificates: [],
      authnRequestsSigned: false,
      wantAssertionsSigned: false,
      nameIdFormats: [],
    })
  })

  test.each([
    [{ entityId, acsUrl: 'javascript:alert(1)' }, 'acs_url uses javascript: where only https is accepted'],
    [{ entityId, acsUrl: 'http://localhost/acs' }, 'acs_url uses http; only https is accepted'],
    [{ entityId: '', acsUrl: 'https://sp.example/acs' }, 'the entity ID must be a URI'],
  ])('is refused with %o', (configured, message) => {
    expect(() => buildMinimalServiceProviderMetadata(configured, { allowHttpLoopback: false })).toThrow(
      refusal(message),
    )
  })

  test.each(['http://localhost:3/acs', 'http://127.0.0.1/acs', 'http://[::1]:3/acs'])(
    'may be at %s in a demo',
    (acsUrl) => {
      const metadata = buildMinimalServiceProviderMetadata({ entityId, acsUrl }, { allowHttpLoopback: true })
      expect(metadata.assertionConsumerServices[0]?.url).toBe(acsUrl)
    },
  )
})

describe('our own metadata', () => {
  const idp = {
    entityId: 'https://gatehouse.example/saml/idp/metadata?a=1&b="2"',
    ssoUrl: 'https://gatehouse.example/saml/idp/sso',
    certificatesPem: [certificate('dev-idp'), certificate('other-idp')],
  }

  test('is understood by samlify: both bindings, every active certificate, the one NameID format', () => {
    const { entityMeta } = IdentityProvider({ metadata: buildIdpMetadata(idp) })
    const bare = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '')
    expect(entityMeta.getEntityID()).toBe(idp.entityId)
    expect(entityMeta.getSingleSignOnService('redirect')).toBe(idp.ssoUrl)
    expect(entityMeta.getSingleSignOnService('post')).toBe(idp.ssoUrl)
    expect(entityMeta.getX509Certificate('signing')).toEqual(idp.certificatesPem.map(bare))
    expect(entityMeta.getNameIDFormat()).toBe('urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress')
    expect(entityMeta.isWantAuthnRequestsSigned()).toBe(false)
  })

  test('is one line of canonical XML after its declaration, short enough for AWS', () => {
    const xml = buildIdpMetadata(idp)
    const [declaration = '', ...rest] = xml.split('?>')
    expect(declaration).toBe('<?xml version="1.0" encoding="UTF-8"')
    expect(canonicalForm(xml)).toBe(rest.join('?>'))
    expect(xml).not.toContain('\n')
    expect(xml.length).toBeLessThan(75_000)
  })

  test('is not published without a certificate, nor with anything else in its place', () => {
    expect(() => buildIdpMetadata({ ...idp, certificatesPem: [] })).toThrow(
      'there is no signing certificate to publish',
    )
    expect(() => buildIdpMetadata({ ...idp, certificatesPem: ['secret'] })).toThrow(
      'the certificate of a signing key is not PEM',
    )
  })
})
