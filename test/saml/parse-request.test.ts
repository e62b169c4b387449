/**
 * @module Requests as they arrive: what is read, what is refused, and how much work a hostile one may cause.
 */
import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { maxRequestBytes, parseAuthnRequest } from '../../src/saml/authn-request.js'
import { parsePostRequest, parseRedirectRequest } from '../../src/saml/parse-request.js'
import { maxRelayStateBytes } from '../../src/saml/relay-state.js'
import { readFixtures } from './fixtures.js'

interface Expected {
  readonly request?: object
  readonly code?: string
  readonly message?: string
}

const isMessage = ({ expected }: { expected: Expected }) => expected.request ?? expected.code
const valid = readFixtures<Expected>('requests', 'valid').filter(isMessage)
const invalid = readFixtures<Expected>('requests', 'invalid').filter(isMessage)
const aws = valid.find(({ name }) => name === 'aws')?.content ?? Buffer.alloc(0)

function deflated(content: Buffer): string {
  return encodeURIComponent(deflateRawSync(content).toString('base64'))
}

function refusal(message: string) {
  return expect.objectContaining({ code: 'INVALID_SAML_REQUEST', message: expect.stringContaining(message) })
}

describe('an AuthnRequest', () => {
  test.each(valid)('$name is read by either binding', ({ content, expected }) => {
    expect(parseRedirectRequest(`SAMLRequest=${deflated(content)}`).request).toEqual(expected.request)
    expect(parsePostRequest({ SAMLRequest: content.toString('base64') }).request).toEqual(expected.request)
  })

  test.each(invalid.filter(({ content }) => content.length > 0))(
    '$name is refused by either binding',
    (fixture) => {
      const message = refusal(fixture.expected.message ?? '')
      expect(() => parseRedirectRequest(`SAMLRequest=${deflated(fixture.content)}`)).toThrow(message)
      expect(() => parsePostRequest({ SAMLRequest: fixture.content.toString('base64') })).toThrow(message)
    },
  )

  test('of nothing is refused', () => {
    expect(() => parseAuthnRequest('')).toThrow(refusal('is not well-formed XML'))
  })

  test('is read to its size limit and not beyond', () => {
    const padded = (size: number) => Buffer.concat([aws, Buffer.alloc(size - aws.length, ' ')])
    expect(parseAuthnRequest(padded(maxRequestBytes)).id).toBe('aws_ccV60abcDEF')
    expect(() => parseAuthnRequest(padded(maxRequestBytes + 1))).toThrow(
      refusal('has 65537 bytes; the limit is 65536'),
    )
  })
})

describe('the HTTP-Redirect binding', () => {
  const message = `SAMLRequest=${deflated(aws)}`

  test.each([
    ['spaces either way', 'a%20b+c', 'a b c'],
    ['text of other scripts and beyond the first plane', '%C3%A9%E2%82%AC%F0%9F%98%80', 'é€😀'],
    ['a byte order mark', '%EF%BB%BFx', '\uFEFFx'],
    ['markup and separators', '%3Cb%3E%26%3D%22%27%25', '<b>&="\'%'],
    ['a CR LF', 'a%0D%0Ab', 'a\r\nb'],
    ['nothing', '', ''],
  ])('returns RelayState with %s unchanged', (_, raw, relayState) => {
    expect(parseRedirectRequest(`${message}&RelayState=${raw}`).relayState).toBe(relayState)
  })

  test('tells an absent RelayState from an empty one', () => {
    expect(parseRedirectRequest(message).relayState).toBeUndefined()
  })

  test('takes RelayState to its limit in bytes', () => {
    const fits = 'é'.repeat(maxRelayStateBytes / 2)
    expect(parseRedirectRequest(`${message}&RelayState=${encodeURIComponent(fits)}`).relayState).toBe(fits)
    expect(() => parseRedirectRequest(`${message}&RelayState=${encodeURIComponent(`${fits}x`)}`)).toThrow(
      refusal('RelayState has 4097 bytes; the limit is 4096'),
    )
  })

  test.each([
    ['%ff', 'RelayState is not valid percent-encoded UTF-8'],
    ['%ED%A0%80', 'RelayState is not valid percent-encoded UTF-8'],
    ['%C0%AF', 'RelayState is not valid percent-encoded UTF-8'],
    ['100%', 'RelayState is not valid percent-encoded UTF-8'],
    ['a%00b', 'RelayState holds a NUL'],
  ])('refuses RelayState=%s, which could not go back unchanged', (raw, problem) => {
    expect(() => parseRedirectRequest(`${message}&RelayState=${raw}`)).toThrow(refusal(problem))
  })

  test.each([
    ['', 'the parameter SAMLRequest is missing'],
    ['SAMLRequest', 'SAMLRequest has no value'],
    ['SAMLRequest=', 'SAMLRequest is empty'],
    [`${message}&${message}`, 'SAMLRequest is given more than once'],
    [`${message}&SAML%52equest=x`, 'SAMLRequest is given more than once'],
    [`${message}&RelayState=a&RelayState=b`, 'RelayState is given more than once'],
    [`${message}&SigAlg=a&SigAlg=b`, 'SigAlg is given more than once'],
    [`${message}&SAMLResponse=x`, 'SAMLRequest and SAMLResponse exclude each other'],
    [`${message}&SAMLEncoding=urn%3Ax`, 'SAMLEncoding must be'],
    [`${message}&SigAlg=x`, 'SigAlg and Signature must be sent together'],
    [`${message}&Signature=x`, 'SigAlg and Signature must be sent together'],
    [`${message}&SigAlg=x&Signature=%21`, 'Signature is not valid base64'],
    ['SAMLRequest=a+b=', 'SAMLRequest holds a space; in a URL "+" must be written %2B'],
    ['SAMLRequest=YQ', 'SAMLRequest is not valid base64'],
    ['SAMLRequest=YR%3D%3D', 'SAMLRequest is not valid base64'],
    ['SAMLRequest=YWJj%0A', 'SAMLRequest is not valid base64'],
    ['SAMLRequest=_-8%3D', 'SAMLRequest is not valid base64'],
    [`SAMLRequest=${encodeURIComponent(aws.toString('base64'))}`, 'SAMLRequest is not DEFLATE data'],
    [`SAMLRequest=${'A'.repeat(100_000)}`, 'SAMLRequest has 100000 characters'],
  ])('refuses the query %.60s', (query, problem) => {
    expect(() => parseRedirectRequest(query)).toThrow(refusal(problem))
  })

  test('accepts the one encoding by its name', () => {
    const encoding = encodeURIComponent('urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE')
    expect(parseRedirectRequest(`SAMLEncoding=${encoding}&${message}&unknown=1&unknown=2`).request.id).toBe(
      'aws_ccV60abcDEF',
    )
  })

  test('stops inflating a bomb at the limit, and does not begin with a longer one', () => {
    const bomb = (size: number) => {
      const base64 = deflateRawSync(Buffer.alloc(size, '<'), { level: 9 }).toString('base64')
      return `SAMLRequest=${encodeURIComponent(base64)}`
    }
    // 52 KB of query for 40 MB: the longest bomb that the limit on the query lets through is not much larger.
    const query = bomb(40_000_000)
    const before = process.memoryUsage().arrayBuffers
    expect(() => parseRedirectRequest(query)).toThrow(
      refusal('SAMLRequest inflates to more than 65536 bytes'),
    )
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000)
    expect(() => parseRedirectRequest(bomb(100_000_000))).toThrow(refusal('characters; the limit is 87384'))
  })
})

describe('the HTTP-POST binding', () => {
  const SAMLRequest = aws.toString('base64')

  test('reads base64 in lines, and gives the XML back for its signature', () => {
    const lines = (SAMLRequest.match(/.{1,76}/g) ?? []).join('\r\n')
    expect(parsePostRequest({ SAMLRequest: lines, RelayState: 'a<b' })).toMatchObject({
      request: { id: 'aws_ccV60abcDEF' },
      relayState: 'a<b',
      xml: aws.toString(),
    })
  })

  test.each([
    [{}, 'the form field SAMLRequest is missing'],
    [
      { SAMLRequest: [SAMLRequest, SAMLRequest] },
      'the form field SAMLRequest is missing or given more than once',
    ],
    [{ SAMLRequest, RelayState: ['a', 'b'] }, 'the form field RelayState is given more than once'],
    [{ SAMLRequest: '*' }, 'SAMLRequest is not valid base64'],
    [{ SAMLRequest: 'A'.repeat(100_000) }, 'SAMLRequest has 100000 characters'],
    [{ SAMLRequest, RelayState: 'a\0b' }, 'RelayState holds a NUL'],
    [{ SAMLRequest, RelayState: '\uD800' }, 'RelayState is not valid Unicode text'],
  ])('refuses the form %#', (form, problem) => {
    expect(() => parsePostRequest(form)).toThrow(refusal(problem))
  })
})
