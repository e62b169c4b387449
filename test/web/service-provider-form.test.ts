import { describe, expect, test } from 'vitest'
import { accessControlPrefix } from '../../src/core/saml/attributes.js'
import {
  newMapping,
  readServiceProviderFields,
  serviceProviderEdits,
} from '../../src/web/forms/service-provider-fields.js'

const text = `kind: saml_idp_service_provider
version: v1
metadata:
  name: wiki
  labels:
    env: production
spec:
  # said by their administrator
  entity_id: https://wiki.example.com
  acs_url: https://wiki.example.com/acs
  launch_urls: [https://wiki.example.com/start]
  attribute_mapping:
    - name: team
      value: user.spec.traits.team
`

describe('a service provider as a form', () => {
  test('shows every field that it edits', () => {
    expect(readServiceProviderFields(text)).toEqual({
      fields: {
        name: 'wiki',
        description: '',
        preset: '',
        entityDescriptor: '',
        entityId: 'https://wiki.example.com',
        acsUrl: 'https://wiki.example.com/acs',
        relayState: '',
        labels: [{ key: 'env', value: 'production' }],
        mapping: [{ name: 'team', nameFormat: '', value: 'user.spec.traits.team' }],
      },
    })
  })

  test('gives way to the YAML where a field is of another kind', () => {
    const of = (yaml: string) => readServiceProviderFields(yaml)
    expect(of('spec: {entity_id: [a]}')).toEqual({ problem: '"spec.entity_id" is no text; edit it as YAML.' })
    expect(of('metadata: {labels: [a]}')).toEqual({
      problem: '"metadata.labels" holds no texts; edit it as YAML.',
    })
    expect(of('spec: {attribute_mapping: team}')).toEqual({
      problem: '"spec.attribute_mapping" is not a list; edit it as YAML.',
    })
  })

  test('edits one field and keeps comments and what it does not show', () => {
    const edited = serviceProviderEdits.mapping(text, 1, {
      name: 'mail',
      nameFormat: 'basic',
      value: 'user.metadata.name',
    })
    expect(edited).toBe(
      `${text}    - name: mail\n      name_format: basic\n      value: user.metadata.name\n`,
    )
    expect(serviceProviderEdits.removeMapping(edited, 1)).toBe(text)
    expect(serviceProviderEdits.labels(text, [])).toBe(text.replace('  labels:\n    env: production\n', ''))
  })

  test('lets metadata take the place of addresses, and addresses that of metadata', () => {
    const xml = '<md:EntityDescriptor entityID="https://wiki.example.com">\n</md:EntityDescriptor>'
    const withMetadata = serviceProviderEdits.metadata(text, xml)
    expect(readServiceProviderFields(withMetadata)).toMatchObject({
      fields: { entityDescriptor: xml, entityId: '', acsUrl: '' },
    })
    const back = serviceProviderEdits.withoutMetadata(withMetadata, {
      entityId: 'https://x',
      acsUrl: 'https://x/acs',
    })
    expect(readServiceProviderFields(back)).toMatchObject({
      fields: { entityDescriptor: '', entityId: 'https://x', acsUrl: 'https://x/acs' },
    })
    expect(back).toContain('launch_urls: [https://wiki.example.com/start]')
  })

  test('offers AWS an attribute for access control, and others none of that name', () => {
    expect(newMapping('aws-identity-center').name.startsWith(accessControlPrefix)).toBe(true)
    expect(newMapping('').name.startsWith(accessControlPrefix)).toBe(false)
  })
})
