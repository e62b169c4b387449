/** @module What a success Response says. */
import { describe, expect, test } from 'vitest'
import {
  authnContextFor,
  buildResponseContent,
  isAddrSpec,
  type ResponseFacts,
} from '../../../src/core/saml/assertion.js'
import { hour, minute } from '../../../src/core/time.js'
import type { ResponseContent } from '../../../src/saml/saml.js'
import { acsUrls, alice, aws, entityId } from './sample.js'

const now = 1_800_000_000_000
const facts: ResponseFacts = {
  user: alice,
  serviceProvider: aws,
  acsUrl: acsUrls[0],
  inResponseTo: 'aws_ccV60',
  now,
  ids: { responseId: '_r', assertionId: '_a', sessionIndex: '_s' },
  issuer: 'https://gate.example.com/saml/idp/metadata',
  authnInstant: now - minute,
  sessionExpiresAt: now + 8 * hour,
  authnMethods: ['password', 'totp'],
}

describe('a success Response', () => {
  test('says who, for whom, where and how long', () => {
    const content: ResponseContent = buildResponseContent(facts)
    expect(content).toEqual({
      responseId: '_r',
      assertionId: '_a',
      sessionIndex: '_s',
      issueInstant: now,
      issuer: 'https://gate.example.com/saml/idp/metadata',
      acsUrl: acsUrls[0],
      inResponseTo: 'aws_ccV60',
      audience: entityId,
      nameId: 'alice@example.com',
      nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
      notBefore: now - minute,
      notOnOrAfter: now + 5 * minute,
      authnInstant: now - minute,
      sessionNotOnOrAfter: now + 8 * hour,
      authnContextClassRef: 'urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken',
      attributes: [
        {
          name: 'urn:oid:0.9.2342.19200300.100.1.1',
          nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
          values: ['alice@example.com'],
        },
      ],
    })
  })

  test('ends the session with the role limit where that is sooner than the gateway session', () => {
    expect(buildResponseContent({ ...facts, maxSessionTtlMs: hour }).sessionNotOnOrAfter).toBe(now + hour)
    expect(buildResponseContent({ ...facts, maxSessionTtlMs: 9 * hour }).sessionNotOnOrAfter).toBe(
      now + 8 * hour,
    )
  })

  test('is not built for a session that is over', () => {
    expect(() => buildResponseContent({ ...facts, sessionExpiresAt: now })).toThrow(
      expect.objectContaining({
        code: 'NOT_SIGNED_IN',
        message: 'the session of user "alice@example.com" has ended; sign in again',
      }),
    )
  })

  test('keeps the name as it is: AWS compares it with the userName exactly', () => {
    const user = { ...alice, name: "O'Neil+x@Example.COM" }
    expect(buildResponseContent({ ...facts, user }).nameId).toBe("O'Neil+x@Example.COM")
  })

  test('is not built for AWS where the name is no mail address, and is for others', () => {
    const user = { ...alice, name: 'alice' }
    expect(() => buildResponseContent({ ...facts, user })).toThrow(
      expect.objectContaining({
        code: 'INVALID_RESOURCE',
        message:
          'user "alice" cannot sign in to "aws": AWS IAM Identity Center wants a mail address as the name of the ' +
          'user, equal to the userName there; create the user again under that address',
      }),
    )
    const serviceProvider = { ...aws, preset: 'unspecified' }
    expect(buildResponseContent({ ...facts, user, serviceProvider }).nameId).toBe('alice')
  })
})

test.each([
  [['password'], 'PasswordProtectedTransport'],
  [['password', 'totp'], 'TimeSyncToken'],
  [[], 'unspecified'],
])('methods %j are told as %s', (methods, context) => {
  expect(authnContextFor(methods)).toBe(`urn:oasis:names:tc:SAML:2.0:ac:classes:${context}`)
})

test.each(['a@b', 'a.b+c@example.com', "o'neil@x-y.example", 'A@EXAMPLE.COM'])(
  '%s is an addr-spec',
  (name) => {
    expect(isAddrSpec(name)).toBe(true)
  },
)

test.each([
  '',
  'alice',
  '@example.com',
  'a@',
  'a@b@c',
  'a b@example.com',
  '.a@example.com',
  'a..b@example.com',
  'a@-example.com',
  'a@example.com.',
  'a@example.com\n',
  'Alice <a@example.com>',
  '"a b"@example.com',
  'a@[127.0.0.1]',
  `${'a'.repeat(250)}@example.com`,
])('%j is no addr-spec', (name) => {
  expect(isAddrSpec(name)).toBe(false)
})

test('a hostile name is judged in linear time', () => {
  const start = performance.now()
  for (const filler of ['a.', 'a-', 'a@']) isAddrSpec(`x@${filler.repeat(120)}!`.slice(0, 254))
  isAddrSpec('a'.repeat(100_000))
  expect(performance.now() - start).toBeLessThan(1000)
})
