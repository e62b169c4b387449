import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  checkResponse,
  type ResponseExpectations,
  type Verdict,
} from '../../src/emulator/saml-sp/check-response.js'
import { parseCertificate } from '../../src/emulator/state/identity-provider.js'
import { escapeXml } from '../../src/emulator/saml-sp/xml.js'
import {
  emailAddress,
  makeTestIdp,
  signBoth,
  signElement,
  writeResponse,
  type TestIdp,
} from '../support/saml-signer.js'

const now = Date.parse('2026-11-22T12:00:00Z')
const instant = new Date(now).toISOString()
const later = new Date(now + 300_000).toISOString()
const acsUrl = 'https://sp.example.com/acs'
const user = {
  id: '53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c02',
  userName: 'dev@example.com',
  displayName: 'Devi Raman',
  active: true,
  createdAt: 0,
  updatedAt: 0,
}
let idp: TestIdp
let expected: ResponseExpectations
let signed: string

const write = (statements = '') =>
  writeResponse({
    responseId: '_r',
    assertionId: '_a',
    issueInstant: instant,
    issuer: idp.entityId,
    destination: acsUrl,
    recipient: acsUrl,
    inResponseTo: undefined,
    subjectInResponseTo: undefined,
    audience: 'urn:sp',
    nameId: user.userName,
    nameIdFormat: emailAddress,
    notBefore: instant,
    notOnOrAfter: later,
    subjectNotOnOrAfter: later,
    sessionNotOnOrAfter: undefined,
    statements,
  })
const check = (xml: string): Verdict => checkResponse(Buffer.from(xml).toString('base64'), expected)

beforeAll(async () => {
  idp = await makeTestIdp('https://idp.example.com/saml')
  signed = signBoth(write(), idp)
  expected = {
    now,
    clockSkewMs: 0,
    requireSignatures: 'either',
    acsUrl,
    spEntityId: 'urn:sp',
    idpEntityId: idp.entityId,
    certificates: [parseCertificate(idp.certificate)],
    relayState: undefined,
    browserId: undefined,
    findRequest: () => undefined,
    isConsumed: () => false,
    findUser: (userName) => (userName === user.userName ? user : undefined),
  }
})

describe('checkResponse', () => {
  test('accepts what the generator starts from, and lists every check in order', () => {
    const verdict = check(signed)
    expect(verdict).toMatchObject({ accepted: true, user, assertionId: '_a' })
    expect(verdict.checks.map(({ name }) => name)).toEqual([
      ...['encoding', 'size', 'xml', 'response', 'status', 'not-encrypted', 'one-assertion', 'unique-ids'],
      ...[
        'schema',
        'signature',
        'issuer',
        'destination',
        'subject-confirmation',
        'recipient',
        'audience',
        'times',
      ],
      ...['in-response-to', 'replay', 'name-id-format', 'name-id', 'attributes'],
    ])
  })

  test('both signatures can be required', () => {
    const one = signBoth(write(), idp).replace(/<ds:Signature[^]*?<\/ds:Signature>/, '')
    expect(check(one)).toMatchObject({ accepted: true, facts: { signed: ['Assertion'] } })
    const strict = { ...expected, requireSignatures: 'both' as const }
    expect(checkResponse(Buffer.from(one).toString('base64'), strict)).toMatchObject({
      accepted: false,
      says: 'not-you',
      cause: 'the Response and the Assertion must both be signed',
    })
  })

  test('any text at all gets a verdict, never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string({ unit: 'binary' })), (text) => {
        expect(checkResponse(text, expected).accepted).toBe(false)
        expect(check(text).accepted).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  test('a signed Response with any one character changed is refused, or says exactly the same', () => {
    const original = check(signed)
    fc.assert(
      fc.property(
        fc.nat(signed.length - 1),
        fc.constantFrom('x', '<', '"', ' ', '&', '0', ''),
        (at, piece) => {
          const verdict = check(signed.slice(0, at) + piece + signed.slice(at + 1))
          if (verdict.accepted) expect(verdict.facts).toEqual(original.facts)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('line separators of Unicode are text like any other', () => {
    const write2028 = (value: string) =>
      write(
        `<saml:AttributeStatement><saml:Attribute Name="a"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`,
      )
    const xml = signElement(write2028('one&#x2028;two&#x85;three'), 'Assertion', idp)
    expect(xml).toContain('one\u2028two\u0085three')
    expect(check(xml)).toMatchObject({
      accepted: true,
      facts: { attributes: { a: ['one\u2028two\u0085three'] } },
    })
    expect(check(xml.replace('\u2028', '\n'))).toMatchObject({ accepted: false, failedCheck: 'signature' })
  })

  test('attribute values come back as they were written', () => {
    // U+FFFD is left out: xmldom warns of it, as a sign of bytes that were read wrongly, and what it warns of is refused.
    const value = fc
      .string({ unit: 'grapheme', maxLength: 60 })
      .filter((text) => /^[^\p{Cc}\p{Cs}\u2028\uFFFD-\uFFFF]*$/u.test(text))
    fc.assert(
      fc.property(value, (text) => {
        const statements = `<saml:AttributeStatement><saml:Attribute Name="a"><saml:AttributeValue>${escapeXml(text)}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`
        const verdict = check(signBoth(write(statements), idp))
        expect(verdict).toMatchObject({ accepted: true, facts: { attributes: { a: [text] } } })
      }),
      { numRuns: 60 },
    )
  })
})
