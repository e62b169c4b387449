import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/error.js'
import { makeTestIdp, writeIdpMetadata } from '../../support/saml-signer.js'
import { testKinds } from '../../support/kinds.js'

const { saml } = testKinds().known
const idp = await makeTestIdp('https://idp.corp.example')
const metadata = writeIdpMetadata(idp)

function parse(spec: Readonly<Record<string, unknown>>) {
  return saml.parse({ kind: 'saml', version: 'v2', metadata: { name: 'corp' }, spec })
}

function problemsOf(spec: Readonly<Record<string, unknown>>): unknown {
  try {
    parse(spec)
    return undefined
  } catch (error) {
    return error instanceof GatewayError ? error.details['problems'] : error
  }
}

describe('a SAML connector', () => {
  test('takes its identity provider from metadata, or from issuer, address and certificates', () => {
    const { idp: read } = parse({ entity_descriptor: metadata }).value
    expect(read).toMatchObject({ entityId: idp.entityId, ssoUrl: idp.ssoUrl })
    const second = idp.certificate
    const named = parse({
      issuer: idp.entityId,
      sso: idp.ssoUrl,
      cert: `${idp.certificate}\n${second}`,
    }).value
    expect(named.idp?.certificates).toHaveLength(2)
    const fetched = parse({ entity_descriptor_url: 'https://idp.corp.example/m?app=1' }).value
    expect(fetched).toMatchObject({ idp: undefined, metadataUrl: 'https://idp.corp.example/m?app=1' })
  })

  test('makes users and refuses sign-ins that begin at the identity provider, unless it says otherwise', () => {
    expect(parse({ entity_descriptor: metadata }).value).toMatchObject({
      createsUsers: true,
      allowsIdpInitiated: false,
      mappings: [],
    })
    const said = parse({ entity_descriptor: metadata, create_users: 'no', allow_idp_initiated: 'yes' })
    expect(said.value).toMatchObject({ createsUsers: false, allowsIdpInitiated: true })
  })

  test('says what it keeps without effect', () => {
    expect(parse({ entity_descriptor: metadata, provider: 'okta' }).ignored).toEqual(['spec.provider'])
  })

  test.each([
    ['no identity provider', {}, 'spec', 'needs entity_descriptor'],
    ['a part of one', { issuer: 'https://idp', sso: 'https://idp/sso' }, 'spec', 'needs entity_descriptor'],
    [
      'two of them',
      { entity_descriptor: metadata, entity_descriptor_url: 'https://a.example' },
      'spec',
      'more than one way',
    ],
    ['metadata of something else', { entity_descriptor: '<x/>' }, 'spec.entity_descriptor', 'not a SAML 2.0'],
    [
      'plain http',
      { entity_descriptor_url: 'http://idp.corp.example' },
      'spec.entity_descriptor_url',
      'https',
    ],
    [
      'another scheme',
      { entity_descriptor_url: 'file:///etc/passwd' },
      'spec.entity_descriptor_url',
      'https',
    ],
    [
      'a password in the address',
      { entity_descriptor_url: 'https://a:b@c.example' },
      'spec.entity_descriptor_url',
      'password',
    ],
    ['a certificate that is none', { issuer: 'urn:x', sso: idp.ssoUrl, cert: 'x' }, 'spec', 'cert must be'],
    ['a private key', { entity_descriptor: metadata, signing_key_pair: {} }, 'spec.signing_key_pair', ''],
    [
      'a pattern that is none',
      { entity_descriptor: metadata, attributes_to_roles: [{ name: 'a', value: '^($', roles: ['b'] }] },
      'spec.attributes_to_roles.0.value',
      '',
    ],
  ])('with %s is refused', (_, spec, path, message) => {
    const problem = { path, message: expect.stringContaining(message) as string }
    expect(problemsOf(spec)).toEqual(expect.arrayContaining([problem]))
  })
})
