/**
 * @module The written Response: canonical byte for byte, accepted by verifiers that are not ours, bounded.
 */
import { createSign, generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ResponseContent, StatusResponseContent } from '../../src/saml/saml.js'
import { maxResponseCharacters, signResponse, signStatusResponse } from '../../src/saml/sign-response.js'
import {
  acceptByNodeSaml,
  canonicalForm,
  certificate,
  devIdp,
  judgeAsAws,
  now,
  sample,
  signingKey,
  verifySignatures,
} from './support.js'

const statusContent: StatusResponseContent = {
  responseId: '_response-2',
  issueInstant: now,
  issuer: sample.issuer,
  acsUrl: sample.acsUrl,
  inResponseTo: 'aws_request-1',
  statusCode: 'urn:oasis:names:tc:SAML:2.0:status:Responder',
  subStatusCode: 'urn:oasis:names:tc:SAML:2.0:status:NoPassive',
  message: 'the person is <not> signed in & may not be asked',
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now }))
afterEach(() => void vi.useRealTimers())

const variants: Readonly<Record<string, ResponseContent>> = {
  'an answered request': sample,
  'a sign-in that we start': { ...sample, inResponseTo: undefined },
  'no attributes': { ...sample, attributes: [] },
  'an attribute without values': {
    ...sample,
    attributes: [
      { name: 'empty', nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic', values: [] },
    ],
  },
  'markup, quotes and line breaks everywhere': {
    ...sample,
    acsUrl: 'https://sp.example/acs?a=1&b="<\t\n\r>"',
    nameId: `a&b<c>d"e'f]]>\r\n\tg`,
    attributes: [{ name: `<"&'\t\r\n>`, nameFormat: 'x:y&z', values: ['<b>&amp;</b>', '', ' a \r\r\n b '] }],
  },
}

describe('a success Response', () => {
  test.each(Object.entries(variants))('is its own canonical form: %s', async (_, content) => {
    const xml = await signResponse(content, devIdp)
    expect(canonicalForm(xml)).toBe(xml)
  })

  test.each(Object.entries(variants))(
    'carries two signatures that xmldsigjs verifies: %s',
    async (_, content) => {
      const xml = await signResponse(content, devIdp)
      expect(await verifySignatures(xml, certificate('dev-idp'))).toEqual({ response: true, assertion: true })
    },
  )

  test('is refused under the certificate of another identity provider', async () => {
    const xml = await signResponse(sample, devIdp)
    expect(await verifySignatures(xml, certificate('other-idp'))).toEqual({
      response: false,
      assertion: false,
    })
    await expect(acceptByNodeSaml(xml, [certificate('other-idp')])).rejects.toThrow(
      'Invalid document signature',
    )
  })

  test('tells node-saml who signed in, with attributes and session', async () => {
    const profile = await acceptByNodeSaml(await signResponse(sample, devIdp), [certificate('dev-idp')])
    expect(profile).toMatchObject({
      issuer: sample.issuer,
      nameID: 'alice@example.com',
      nameIDFormat: sample.nameIdFormat,
      sessionIndex: '_session-1',
      attributes: { 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': ['access', 'auditor'] },
    })
  })

  test('is accepted from either key while keys roll over', async () => {
    const both = [certificate('dev-idp'), certificate('other-idp')]
    for (const key of [devIdp, signingKey('other-idp')]) {
      const profile = await acceptByNodeSaml(await signResponse(sample, key), both)
      expect(profile?.nameID).toBe('alice@example.com')
    }
  })

  test('names the ACS twice, the request twice, and no request if none was answered', async () => {
    const answered = await signResponse(sample, devIdp)
    expect(answered.split(`Destination="${sample.acsUrl}"`)).toHaveLength(2)
    expect(answered.split(`Recipient="${sample.acsUrl}"`)).toHaveLength(2)
    expect(answered.split('InResponseTo="aws_request-1"')).toHaveLength(3)
    expect(await signResponse({ ...sample, inResponseTo: undefined }, devIdp)).not.toContain('InResponseTo')
  })

  test('says when the session ends', async () => {
    expect(await signResponse(sample, devIdp)).toContain('SessionNotOnOrAfter="2026-01-15T18:00:00.000Z"')
  })

  test.each([
    ['NameID', { nameId: 'a\u0000b' }, 'NameID holds the character U+0000'],
    ['NameID with half a surrogate pair', { nameId: 'a\uD800' }, 'NameID holds the character U+D800'],
    ['NameID with a non-character', { nameId: 'a\uFFFE' }, 'NameID holds the character U+FFFE'],
    ['audience with a line separator', { audience: 'a\u2028b' }, 'Audience holds the character U+2028'],
    ['issuer with a next-line control', { issuer: 'a\u0085b' }, 'Issuer holds the character U+0085'],
    ['ACS', { acsUrl: 'https://sp.example/\u0008' }, 'Recipient holds the character U+0008'],
    [
      'attribute value',
      { attributes: [{ name: 'team', nameFormat: 'x', values: ['\u001b'] }] },
      'attribute team holds the character U+001B',
    ],
  ])('refuses characters that XML cannot carry in the %s', async (_, change, message) => {
    await expect(signResponse({ ...sample, ...change }, devIdp)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(message),
    })
  })

  test.each(['1abc', 'a b', 'a"b', ''])('refuses "%s" as an ID', async (responseId) => {
    await expect(signResponse({ ...sample, responseId }, devIdp)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('an ID must be an XML name'),
    })
  })

  test('refuses one ID for Response and Assertion', async () => {
    const same = { ...sample, assertionId: sample.responseId }
    await expect(signResponse(same, devIdp)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'Response and Assertion must have different IDs',
    })
  })

  test.each(['x', 'é', '日', '🙂'])(
    'of as many %s as AWS takes is accepted on the other side, and one more is refused here',
    async (letter) => {
      const sized = (length: number) => ({
        ...sample,
        inResponseTo: undefined,
        attributes: [
          {
            name: 'a',
            nameFormat: 'b',
            values: [letter.repeat(length / letter.length) + 'x'.repeat(length % letter.length)],
          },
        ],
      })
      expect(maxResponseCharacters).toBe(50_000)
      const room = maxResponseCharacters - (await signResponse(sized(0), devIdp)).length
      const largest = await signResponse(sized(room), devIdp)
      expect(largest).toHaveLength(50_000)
      expect(judgeAsAws(largest)).toMatchObject({ accepted: true, user: { userName: sample.nameId } })
      // The limit of the other side is this one and no wider.
      expect(judgeAsAws(`${largest}\n`)).toMatchObject({
        failedCheck: 'size',
        cause: 'the Response has 50001 characters; at most 50000 are allowed',
      })
      await expect(signResponse(sized(room + 1), devIdp)).rejects.toMatchObject({
        code: 'SAML_RESPONSE_TOO_LARGE',
        message:
          'the SAML Response has 50001 characters and the limit is 50000; map fewer or shorter attributes',
        details: { size: 50_001, limit: 50_000 },
      })
    },
  )

  test('is never signed by a key that is not RSA or has no certificate', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    for (const key of [
      { ...devIdp, id: 'ec', privateKey },
      { ...devIdp, id: 'bare', certificatePem: undefined },
    ]) {
      await expect(signResponse(sample, key)).rejects.toMatchObject({
        code: 'INTERNAL',
        message: `the signing key ${key.id} is not an RSA key with a certificate`,
      })
    }
  })

  test('signs with RSA PKCS #1 v1.5 and SHA-256, as its SignatureMethod says', async () => {
    const xml = await signResponse(sample, devIdp)
    const [, signedInfo, value] =
      /<ds:SignedInfo>(.*?<\/ds:SignedInfo>)<ds:SignatureValue>(.*?)<\/ds:SignatureValue>/.exec(xml) ?? []
    const alone = `<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${signedInfo}`
    expect(createSign('RSA-SHA256').update(alone).sign(devIdp.privateKey, 'base64')).toBe(value)
    expect(xml).not.toContain('sha1')
  })
})

describe('a status Response', () => {
  test.each([
    ['with both codes and a message', statusContent],
    ['with the top code alone', { ...statusContent, subStatusCode: undefined, message: undefined }],
    ['answering no request', { ...statusContent, inResponseTo: undefined }],
  ])('is canonical and signed %s', async (_, content) => {
    const xml = await signStatusResponse(content, devIdp)
    expect(canonicalForm(xml)).toBe(xml)
    expect(await verifySignatures(xml, certificate('dev-idp'))).toEqual({ response: true, assertion: false })
  })

  test('is understood by node-saml: NoPassive is no error, any other status is', async () => {
    const passive = await signStatusResponse(statusContent, devIdp)
    await expect(acceptByNodeSaml(passive, [certificate('dev-idp')], { status: true })).resolves.toBeNull()
    const denied = await signStatusResponse(
      { ...statusContent, subStatusCode: 'urn:oasis:names:tc:SAML:2.0:status:RequestDenied' },
      devIdp,
    )
    await expect(acceptByNodeSaml(denied, [certificate('dev-idp')], { status: true })).rejects.toThrow(
      'SAML provider returned Responder error: the person is <not> signed in & may not be asked',
    )
  })
})
