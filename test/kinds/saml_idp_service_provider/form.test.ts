import { describe, expect, test } from 'vitest'
import { parseServiceProviderDocument } from '../../../src/kinds/saml_idp_service_provider/form.js'

const acsUrl = 'https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/1'

function spOf(spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): unknown {
  return {
    kind: 'saml_idp_service_provider',
    version: 'v1',
    metadata: { name: 'aws-identity-center', ...metadata },
    spec: { entity_id: 'urn:aws', acs_url: acsUrl, ...spec },
  }
}

describe('a service provider document', () => {
  test('becomes a configuration', () => {
    const { value, document } = parseServiceProviderDocument(
      spOf({
        entity_descriptor: '<EntityDescriptor/>',
        attribute_mapping: [
          { name: 'mail', value: 'uid', name_format: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri' },
          { name: 'team', value: 'user.spec.traits.team' },
        ],
        relay_state: 'https://console.aws.amazon.com/',
        launch_urls: 'https://d-1234567890.awsapps.com/start',
      }),
    )
    expect(value).toEqual({
      name: 'aws-identity-center',
      labels: {},
      entityDescriptor: '<EntityDescriptor/>',
      entityId: 'urn:aws',
      acsUrl,
      attributeMapping: [
        { name: 'mail', nameFormat: 'uri', value: 'uid' },
        { name: 'team', nameFormat: 'unspecified', value: 'user.spec.traits.team' },
      ],
      preset: 'unspecified',
      relayState: 'https://console.aws.amazon.com/',
      launchUrls: ['https://d-1234567890.awsapps.com/start'],
    })
    expect(parseServiceProviderDocument(document).document).toEqual(document)
  })

  test('with the preset of Identity Center has its label, written or not', () => {
    const preset = 'aws-identity-center'
    const label = 'teleport.dev/origin'
    expect(parseServiceProviderDocument(spOf({ preset })).value.labels).toEqual({ [label]: preset })
    const own = { labels: { [label]: preset, env: 'prod' } }
    expect(parseServiceProviderDocument(spOf({ preset }, own)).value.labels).toEqual(own.labels)
    expect(parseServiceProviderDocument(spOf({})).value.labels).toEqual({})
  })

  test.each([
    [undefined, 'aws-identity-center', 'the gateway alone sets this label'],
    ['gcp-workforce', 'aws-identity-center', 'the gateway alone sets this label'],
    [undefined, 'mine', 'the gateway alone sets this label'],
    [
      'aws-identity-center',
      'mine',
      'with spec.preset: aws-identity-center this label is aws-identity-center',
    ],
  ])('with the preset %j cannot carry the origin %j', (preset, origin, says) => {
    const document = spOf({ preset }, { labels: { 'teleport.dev/origin': origin } })
    expect(() => parseServiceProviderDocument(document)).toThrow(
      expect.objectContaining({
        code: 'INVALID_RESOURCE',
        message: expect.stringContaining(`metadata.labels.teleport.dev/origin: ${says}`) as string,
      }),
    )
  })

  test('knows the presets of the reference; any other is a mistyped one', () => {
    for (const preset of ['gcp-workforce', 'microsoft-entra-external-id', 'unspecified', '']) {
      expect(parseServiceProviderDocument(spOf({ preset })).value.preset).toBe(preset || 'unspecified')
    }
  })

  test('may post to this machine over http, as a demonstration does', () => {
    const local = 'http://127.0.0.1:4599/acs'
    expect(parseServiceProviderDocument(spOf({ acs_url: local })).value.acsUrl).toBe(local)
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['neither metadata nor addresses', { entity_id: '' }, 'spec: needs entity_descriptor'],
    [
      'a mistyped preset',
      { preset: 'aws-identity-centre' },
      'spec.preset: "aws-identity-centre" is not a preset; this version knows unspecified, aws-identity-center, gcp-workforce',
    ],
    ['a script as ACS', { acs_url: 'javascript:alert(1)' }, 'spec.acs_url: must be an https address'],
    ['http as ACS', { acs_url: 'http://example.com/acs' }, 'spec.acs_url: must be an https address'],
    [
      'http to a name that looks local',
      { acs_url: 'http://localhost.example.com/' },
      'spec.acs_url: must be',
    ],
    [
      'a password in the ACS',
      { acs_url: 'https://a:b@example.com/' },
      'spec.acs_url: must be an https address',
    ],
    [
      'a script as launch URL',
      { launch_urls: ['https://a.example/', 'javascript:x'] },
      'spec.launch_urls.1: must',
    ],
    [
      'an attribute mapped twice',
      {
        attribute_mapping: [
          { name: 'a', value: 'uid' },
          { name: 'a', value: 'uid' },
        ],
      },
      'spec.attribute_mapping.1.name: the attribute "a" is mapped twice',
    ],
    [
      'an unknown name format',
      { attribute_mapping: [{ name: 'a', name_format: 'x', value: 'uid' }] },
      'must be unspec',
    ],
    [
      'an entity ID beyond SAML Core 8.3.6',
      { entity_id: 'x'.repeat(1025) },
      'spec.entity_id: must have at most 1024',
    ],
    ['an unknown field', { acs: acsUrl }, 'spec.acs: this field is not known'],
  ])('with %s is refused', (_, spec, expected) => {
    const parse = () => parseServiceProviderDocument(spOf(spec))
    expect(parse).toThrow(expect.objectContaining({ code: 'INVALID_RESOURCE' }))
    expect(parse).toThrow(expected)
  })
})
