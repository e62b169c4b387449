import { expect, test } from 'vitest'
import { sayInPage } from '../../src/web/ui/field-labels.js'

test.each([
  [
    'Request:7: spec.entity_descriptor: the metadata has markup that is never closed',
    'Metadata (XML): the metadata has markup that is never closed',
  ],
  [
    'Plugin "aws-identity-center": spec.settings.aws_ic.provisioning_spec.base_url: is no host of AWS. By allow_other_host: true a person allows another host',
    'SCIM endpoint: is no host of AWS. tick the box below the field to send the token to another host',
  ],
  [
    'publish the keys (gatehouse awsic publish-issuer DIR) and name that host as spec.aws_oidc.issuer',
    'publish the keys (gatehouse awsic publish-issuer DIR) and enter that host as “Public host of the keys” below',
  ],
  ['spec.settings.aws_ic.group_sync_filters.0.exclude_name: is malformed', 'Groups to import: is malformed'],
])('a field of a document is named as the page names it: %s', (said, expected) => {
  expect(sayInPage(said)).toBe(expected)
})

test('what names no field stays as it is', () => {
  const said = 'role "a" at request: 7 days of plugin "x" are over'
  expect(sayInPage(said)).toBe(said)
})
