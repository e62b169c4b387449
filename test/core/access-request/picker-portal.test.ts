import { describe, expect, test } from 'vitest'
import { findPortal, isOfInstance, portalLink } from '../../../src/core/access-request/picker-portal.js'

const commercial = { region: 'eu-central-1' }
const entityId = 'https://eu-central-1.signin.aws.amazon.com/platform/saml/d-1234567890'
const sp = (...launchUrls: string[]) => ({ entityId, launchUrls })

describe('the AWS access portal of an instance', () => {
  test('is the address that AWS gives its identity store', () => {
    expect(findPortal(commercial, sp())).toBe('https://d-1234567890.awsapps.com/start')
  })

  test.each(['us-gov-west-1', 'cn-north-1', 'us-iso-east-1'])('is not guessed in %s', (region) => {
    expect(findPortal({ region }, sp())).toBeUndefined()
  })

  test('is not guessed without a service provider, or with one that names no identity store', () => {
    expect(findPortal(commercial, undefined)).toBeUndefined()
    expect(findPortal(commercial, { entityId: 'https://idp.example.com', launchUrls: [] })).toBeUndefined()
  })

  test.each([
    ['https://acme.awsapps.com/start', 'https://acme.awsapps.com/start'],
    ['https://acme.awsapps.com/start/#/', 'https://acme.awsapps.com/start'],
    [
      'https://ssoins-1234567890abcdef.portal.eu-central-1.app.aws',
      'https://ssoins-1234567890abcdef.portal.eu-central-1.app.aws',
    ],
    [
      'https://ssoins-1234567890abcdef.eu-central-1.portal.amazonaws.com/',
      'https://ssoins-1234567890abcdef.eu-central-1.portal.amazonaws.com',
    ],
    ['http://localhost:4599/start', 'http://localhost:4599/start'],
  ])('is the address that the service provider launches: %s', (launched, portal) => {
    expect(findPortal({ region: 'us-gov-west-1' }, sp(launched))).toBe(portal)
  })

  test.each([
    'https://awsapps.com.example.com/start',
    'https://example.com/start',
    'http://acme.awsapps.com/start',
    'https://acme.awsapps.com/other',
    'https://a.b.awsapps.com/start',
    'http://localhost:4599/',
    'not an address',
  ])('is never %s', (launched) => {
    expect(findPortal({ region: 'us-gov-west-1' }, sp(launched))).toBeUndefined()
  })
})

test('a link names account and permission set, each quoted', () => {
  expect(portalLink('https://acme.awsapps.com/start', '111111111111', 'Admin+Read&x=1')).toBe(
    'https://acme.awsapps.com/start/#/console?account_id=111111111111&role_name=Admin%2BRead%26x%3D1',
  )
})

test('a permission set is of the instance that its ARN names', () => {
  const set = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1'
  expect(isOfInstance(set, 'arn:aws:sso:::instance/ssoins-1234567890abcdef')).toBe(true)
  expect(isOfInstance(set, 'arn:aws:sso:::instance/ssoins-1234567890abcde')).toBe(false)
  expect(isOfInstance(set, 'anything')).toBe(false)
})
