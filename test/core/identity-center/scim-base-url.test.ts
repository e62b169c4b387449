import { describe, expect, test } from 'vitest'
import { parseScimBaseUrl } from '../../../src/core/identity-center/scim-base-url.js'

const tenant = '11111111111-2222-3333-4444-555555555555'
const aws = `https://scim.eu-central-1.amazonaws.com/${tenant}/scim/v2`
const ours = { allowOtherHost: false }

describe('taken', () => {
  test.each([
    ['with a slash', `${aws}/`, `${aws}/`],
    ['without', aws, `${aws}/`],
    ['with spaces around', ` ${aws} \n`, `${aws}/`],
    ['with several slashes', `${aws}///`, `${aws}/`],
  ])('%s at its end, and one slash is kept', (_name, text, url) => {
    expect(parseScimBaseUrl(text, ours)).toMatchObject({ ok: true, url, isAwsHost: true })
  })

  test.each([
    'scim.us-east-1.amazonaws.com',
    'scim.ap-southeast-4.api.aws',
    'scim.us-gov-west-1.amazonaws.com',
    'scim.cn-north-1.amazonaws.com.cn',
    'scim.cn-northwest-1.api.amazonwebservices.com.cn',
  ])('the host %s', (host) => {
    const result = parseScimBaseUrl(`https://${host}/Hw59fdecb43-083d-a/scim/v2/`, ours)
    expect(result).toMatchObject({ ok: true, host, isAwsHost: true })
  })

  test('another host and http to this machine, where a person allowed it', () => {
    for (const text of ['http://127.0.0.1:4599/t/scim/v2/', 'https://scim.example.com:8443/t/scim/v2/']) {
      expect(parseScimBaseUrl(text, { allowOtherHost: true })).toMatchObject({
        ok: true,
        url: text,
        isAwsHost: false,
      })
    }
  })
})

describe('refused', () => {
  test.each([
    ['another host', 'https://scim.example.com/t/scim/v2/', 'a person has to allow'],
    [
      'a host that ends alike',
      'https://scim.eu-central-1.amazonaws.com.evil.example/t/scim/v2/',
      'a person has to allow',
    ],
    [
      'a host that begins alike',
      'https://evil-scim.eu-central-1.amazonaws.com/t/scim/v2/',
      'a person has to allow',
    ],
    ['another service of AWS', 'https://s3.eu-central-1.amazonaws.com/t/scim/v2/', 'a person has to allow'],
    [
      'another port',
      `https://scim.eu-central-1.amazonaws.com:8443/${tenant}/scim/v2/`,
      'a person has to allow',
    ],
    ['http', aws.replace('https', 'http'), 'https://'],
    ['another scheme', 'file:///t/scim/v2/', 'https://'],
    ['a user name', aws.replace('https://', 'https://me@'), 'user name'],
    [
      'a host behind a user name',
      'https://scim.eu-central-1.amazonaws.com@evil.example/t/scim/v2/',
      'user name',
    ],
    ['a query', `${aws}?x=1`, 'after "?"'],
    ['an empty query', `${aws}?`, 'after "?"'],
    ['a fragment', `${aws}#x`, 'after "?"'],
    ['the path of a resource', `${aws}/Users`, '/scim/v2'],
    ['no tenant', 'https://scim.eu-central-1.amazonaws.com/scim/v2/', '/scim/v2'],
    ['no URL', 'scim', 'not a URL'],
    ['nothing', '', 'not a URL'],
    ['too much', `https://scim.eu-central-1.amazonaws.com/${'a'.repeat(3000)}/scim/v2`, 'not a URL'],
  ])('%s', (_name, text, says) => {
    const result = parseScimBaseUrl(text, ours)
    expect(result.ok).toBe(false)
    expect(!result.ok && result.says).toContain(says)
  })

  test('http to another machine, also where other hosts are allowed', () => {
    expect(parseScimBaseUrl('http://scim.example.com/t/scim/v2/', { allowOtherHost: true }).ok).toBe(false)
  })
})
