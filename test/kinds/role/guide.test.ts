/** @module The four roles of the guide, as people paste them from it, load unchanged and do what it says. */
import { describe, expect, test } from 'vitest'
import { readYamlDocuments } from '../../../src/api/resource/documents.js'
import { decidePair } from '../../../src/core/role/pair-access.js'
import type { Role } from '../../../src/core/role/role.js'
import { decideSamlAccess } from '../../../src/core/role/saml-access.js'
import { parseRoleDocument } from '../../../src/kinds/role/form.js'
import { buildInput } from '../../core/role/build.js'

const access = `kind: role
version: v8
metadata:
  name: identity-center-access
spec:
  allow:
    app_labels:
      'teleport.dev/origin': 'aws-identity-center'
`

const assignments = `kind: role
version: v8
metadata:
  name: identity-center-access
spec:
  allow:
    app_labels:
      'teleport.dev/origin': 'aws-identity-center'
    account_assignments:
      - account: "<account_id>" # AWS identity center account ID
        # permission set ARN of AdministratorAccess
        permission_set: arn:aws:sso:::permissionSet/ssoins-1234/ps-5678
      - account: "<account_id>"
        # permission set ARN of ReadOnlyAccess
        permission_set: arn:aws:sso:::permissionSet/ssoins-1234/ps-8765
`

const troubleshootingV8 = `kind: role
version: v8
metadata:
  name: ic-access-example
spec:
  allow:
    app_labels:
      'teleport.dev/origin': 'aws-identity-center'
`

const troubleshootingV7 = `kind: role
version: v7
metadata:
  name: ic-access-example
spec:
  options:
    idp:
      saml:
        enabled: true # idp must be enabled.
`

function load(text: string): Role {
  const [written, ...others] = readYamlDocuments(text, 'role.yaml')
  expect(others).toEqual([])
  const { document, value, ignored } = parseRoleDocument(written?.value)
  expect(ignored).toEqual([])
  expect(parseRoleDocument(document).document).toEqual(document)
  return value
}

describe('the roles of the guide', () => {
  test.each([
    ['access to the service provider', access],
    ['access and account assignments', assignments],
    ['troubleshooting, v8', troubleshootingV8],
    ['troubleshooting, v7', troubleshootingV7],
  ])('load and open AWS Identity Center: %s', (_, text) => {
    const role = load(text)
    expect(decideSamlAccess(buildInput([role])).effect).toBe('allow')
  })

  test('open no application without the label, but for v7, which looks at none', () => {
    const serviceProvider = { name: 'other', entityId: 'urn:other', labels: { env: 'prod' } }
    const effectOf = (text: string) => decideSamlAccess(buildInput([load(text)], { serviceProvider })).effect
    expect([access, assignments, troubleshootingV8, troubleshootingV7].map(effectOf)).toEqual([
      'deny',
      'deny',
      'deny',
      'allow',
    ])
  })

  test('give the permission sets that they name in the account that they name, and no other', () => {
    const role = load(assignments.replaceAll('<account_id>', '012345678901'))
    const effectOf = (accountId: string, id: string) =>
      decidePair([role], { accountId, permissionSetArn: `arn:aws:sso:::permissionSet/ssoins-1234/${id}` })
        .effect
    expect(effectOf('012345678901', 'ps-5678')).toBe('allow')
    expect(effectOf('012345678901', 'ps-8765')).toBe('allow')
    expect(effectOf('012345678901', 'ps-0000')).toBe('deny')
    expect(effectOf('123456789012', 'ps-5678')).toBe('deny')
  })

  test('are refused where v7 options stand in v8', () => {
    const text = troubleshootingV7.replace('v7', 'v8')
    expect(() => load(text)).toThrow('spec.options.idp.saml.enabled: is not supported in v8')
  })
})
