import { describe, expect, test } from 'vitest'
import { parseAuthorization } from '../../../src/emulator/aws/authorization-header.js'
import { canonicalRequest, readHeaders, sameSignature, signatureOf } from '../../../src/emulator/aws/sigv4.js'

/** The key and instant of AWS's published examples and of its test suite. */
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const timestamp = '20150830T123600Z'
const scope = { date: '20150830', region: 'us-east-1' }

const request = (method: string, target: string, rawHeaders: readonly string[], body = '') => ({
  method,
  target,
  headers: readHeaders(['Host', 'example.amazonaws.com', 'X-Amz-Date', timestamp, ...rawHeaders]),
  body: Buffer.from(body),
})

describe('signatures that AWS publishes', () => {
  const signed = ['host', 'x-amz-date']
  test.each<[string, string, string, readonly string[], readonly string[], string, string]>([
    [
      'get-vanilla',
      'GET',
      '/',
      [],
      signed,
      '',
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    ],
    [
      'get-vanilla-query-order-key-case',
      'GET',
      '/?Param2=value2&Param1=value1',
      [],
      signed,
      '',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'post-vanilla',
      'POST',
      '/',
      [],
      signed,
      '',
      '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    ],
    [
      'get-header-value-trim',
      'GET',
      '/',
      ['My-Header1', ' value1', 'My-Header2', ' "a   b   c"'],
      ['host', 'my-header1', 'my-header2', 'x-amz-date'],
      '',
      'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    ],
    [
      'post-x-www-form-urlencoded',
      'POST',
      '/',
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['content-type', 'host', 'x-amz-date'],
      'Param1=value1',
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('%s', (_name, method, target, rawHeaders, signedHeaders, body, signature) => {
    const parts = request(method, target, rawHeaders, body)
    expect(signatureOf(parts, signedHeaders, timestamp, { ...scope, signingName: 'service' }, secret)).toBe(
      signature,
    )
  })

  test('the example of the documents: ListUsers of IAM', () => {
    const listUsers = {
      method: 'GET',
      target: '/?Action=ListUsers&Version=2010-05-08',
      headers: readHeaders([
        'Host',
        'iam.amazonaws.com',
        'Content-Type',
        'application/x-www-form-urlencoded; charset=utf-8',
        'X-Amz-Date',
        timestamp,
      ]),
      body: Buffer.alloc(0),
    }
    const names = ['content-type', 'host', 'x-amz-date']
    expect(signatureOf(listUsers, names, timestamp, { ...scope, signingName: 'iam' }, secret)).toBe(
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    )
  })
})

describe('the canonical request', () => {
  test('names are sorted, values trimmed, repeated headers joined', () => {
    const parts = request('POST', '/', ['B', ' x  y ', 'a', '1', 'A', '2'])
    expect(canonicalRequest(parts, ['x-amz-date', 'host', 'b', 'a']).split('\n').slice(3, 7)).toEqual([
      'a:1,2',
      'b:x y',
      'host:example.amazonaws.com',
      `x-amz-date:${timestamp}`,
    ])
  })

  test('the query is sorted and encoded again', () => {
    const parts = request('POST', "/a b?b=%7e!'&b=1&a&%zz=*", [])
    expect(canonicalRequest(parts, ['host']).split('\n').slice(1, 3)).toEqual([
      '/a%20b',
      '%25zz=%2A&a=&b=1&b=~%21%27',
    ])
  })
})

describe('comparing signatures', () => {
  const zeros = '0'.repeat(64)
  test.each([
    [zeros, true],
    [`1${zeros.slice(1)}`, false],
    ['', false],
    [zeros.slice(1), false],
    [`${zeros}0`, false],
    ['é'.repeat(32), false],
  ])('%s: %s', (given, same) => {
    expect(sameSignature(given, zeros)).toBe(same)
  })
})

describe('the Authorization header', () => {
  const rest = 'SignedHeaders=host;x-amz-date, Signature=abc'
  const right = `AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/iam/aws4_request, ${rest}`

  test.each([right, right.replaceAll(', ', ','), right.replace('Credential=', ' Credential = ')])(
    'is read: %s',
    (header) => {
      expect(parseAuthorization(header, true)).toEqual({
        accessKeyId: 'AKID',
        date: '20150830',
        region: 'us-east-1',
        signingName: 'iam',
        signedHeaders: ['host', 'x-amz-date'],
        signature: 'abc',
      })
    },
  )

  const requires = (name: string): string => `Authorization header requires '${name}' parameter.`
  test.each([
    ['Bearer token', `Unsupported AWS 'algorithm': 'Bearer'.`],
    ['', `Unsupported AWS 'algorithm': ''.`],
    ['AWS4-ECDSA-P256-SHA256 x', `Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.`],
    ['AWS4-HMAC-SHA256', ['Credential', 'Signature', 'SignedHeaders'].map(requires).join(' ')],
    [right.replace('Signature=abc', 'Signature='), requires('Signature')],
    [right.replace('SignedHeaders=', 'Headers='), requires('SignedHeaders')],
    [
      right.replace('/iam', ''),
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKID/20150830/us-east-1/aws4_request'",
    ],
    [
      right.replace('/iam/', '//'),
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKID/20150830/us-east-1//aws4_request'",
    ],
  ])('%s is incomplete', (header, detail) => {
    expect(parseAuthorization(header, true)).toEqual({ problem: 'incomplete', detail })
  })

  test('without a date the request is incomplete', () => {
    expect(parseAuthorization(right, false)).toEqual({
      problem: 'incomplete',
      detail: `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.`,
    })
  })

  test('another terminator does not match', () => {
    expect(parseAuthorization(right.replace('aws4_request', 'aws5_request'), true)).toEqual({
      problem: 'mismatch',
      detail: "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'.",
    })
  })
})
