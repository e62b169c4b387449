/** @module Which service providers may carry the label of AWS IAM Identity Center. */
import { describe, expect, test } from 'vitest'
import { findAddressProblem, findOriginLabelProblem } from '../../../src/core/saml/identity-center.js'

const preset = 'aws-identity-center'
const at = (...urls: string[]) => ({ preset, assertionConsumerServices: urls.map((url) => ({ url })) })

describe('the label', () => {
  test('comes with the preset, written or not', () => {
    expect(findOriginLabelProblem(undefined, preset)).toBeUndefined()
    expect(findOriginLabelProblem(preset, preset)).toBeUndefined()
    expect(findOriginLabelProblem(undefined, undefined)).toBeUndefined()
  })

  test.each([undefined, '', 'unspecified', 'gcp-workforce', 7])('is refused with the preset %j', (other) => {
    expect(findOriginLabelProblem(preset, other)).toBe(
      'the gateway alone sets this label, on a service provider with spec.preset: aws-identity-center; use that preset, or another label',
    )
  })

  test.each(['*', 'okta', '', null, 7])('is refused with the value %j', (value) => {
    expect(findOriginLabelProblem(value, preset)).toMatch(/this label is aws-identity-center; leave it out/)
    expect(findOriginLabelProblem(value, undefined)).toMatch(/the gateway alone sets this label/)
  })
})

describe('the addresses of the preset', () => {
  test.each([
    'https://eu-central-1.signin.aws/platform/saml/acs/tenant',
    'https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/tenant',
    'https://eu-central-1.sso.signin.aws/platform/saml/acs/tenant',
    'https://cn-north-1.signin.amazonaws.cn/platform/saml/acs/tenant',
    'https://us-gov-west-1.signin.amazonaws-us-gov.com/platform/saml/acs/tenant',
    'http://127.0.0.1:4599/platform/saml/acs/tenant',
    'http://localhost:4599/acs',
  ])('may be %s', (url) => {
    expect(findAddressProblem(at(url))).toBeUndefined()
  })

  test.each([
    'https://evil.example.com/acs',
    'https://signin.aws.evil.example/acs',
    'https://evilsignin.aws/acs',
    'https://evil.execute-api.eu-central-1.amazonaws.com/acs',
    'https://x.lambda-url.eu-central-1.on.aws/acs',
    'https://eu-central-1.signin.aws:8443/acs',
    'http://eu-central-1.signin.aws/acs',
    'https://127.0.0.1.evil.example/acs',
    'https://signin.aws@evil.example/acs',
  ])('may not be %s', (url) => {
    expect(findAddressProblem(at('https://eu-central-1.signin.aws/acs', url))).toMatch(
      /is no sign-in address of AWS, and spec\.preset: aws-identity-center is for AWS alone/,
    )
    expect(findAddressProblem({ ...at(url), preset: 'unspecified' })).toBeUndefined()
  })
})
