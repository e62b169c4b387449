/** @module Which AuthnRequests are acceptable, and who is told about the others. */
import { describe, expect, test } from 'vitest'
import {
  defaultMaxAgeMs,
  defaultSkewMs,
  judgeRequest,
  type JudgeContext,
  type JudgedRequest,
} from '../../../src/core/saml/judge-request.js'
import type { ServiceProvider } from '../../../src/core/saml/service-provider.js'
import { authnContexts, httpPostBinding, nameIdFormats } from '../../../src/core/saml/urns.js'
import type { AuthnRequest } from '../../../src/saml/saml.js'
import { acsUrls, aws, entityId } from './sample.js'

const now = 1_800_000_000_000
const ssoUrl = 'https://gate.example.com/saml/idp/sso'
const request: AuthnRequest = {
  id: 'aws_ccV60',
  issuer: entityId,
  version: '2.0',
  issueInstant: now - 1000,
  destination: ssoUrl,
  acsUrl: acsUrls[0],
  acsIndex: undefined,
  protocolBinding: httpPostBinding,
  forceAuthn: false,
  isPassive: false,
  nameIdFormat: nameIdFormats.emailAddress,
  spNameQualifier: undefined,
  requestedAuthnContext: [],
}
const context: JudgeContext = { now, ssoUrl, signature: 'unsigned', binding: 'redirect' }
const signing: ServiceProvider = { ...aws, signingCertificates: ['PEM'] }

function judge(
  changes: Partial<JudgedRequest> = {},
  { sp = aws, ...around }: Partial<JudgeContext> & { sp?: ServiceProvider } = {},
) {
  return judgeRequest({ ...request, ...changes }, sp, { ...context, ...around })
}

const accepted = {
  ok: true,
  acsUrl: acsUrls[0],
  nameIdFormat: nameIdFormats.emailAddress,
  asksSecondFactor: false,
}

describe('a request is accepted', () => {
  test('as AWS sends it', () => {
    expect(judge()).toEqual(accepted)
  })

  test.each<[string, Partial<JudgedRequest>]>([
    ['without Destination, unsigned', { destination: undefined }],
    ['without ProtocolBinding', { protocolBinding: undefined }],
    ['without an ACS, by the default', { acsUrl: undefined }],
    ['with an ACS index', { acsUrl: undefined, acsIndex: 0 }],
    ['without a NameID format', { nameIdFormat: undefined }],
    ['with NameID format unspecified', { nameIdFormat: nameIdFormats.unspecified }],
    ['with its own entity ID as SPNameQualifier', { spNameQualifier: entityId }],
    ['at the end of its age', { issueInstant: now - defaultMaxAgeMs - defaultSkewMs }],
    ['ahead by the skew', { issueInstant: now + defaultSkewMs }],
    ['asking for a password', { requestedAuthnContext: [authnContexts.password] }],
    [
      'asking for one context of several that is offered',
      { requestedAuthnContext: ['urn:x', authnContexts.unspecified] },
    ],
  ])('%s', (_, changes) => {
    expect(judge(changes)).toEqual(accepted)
  })

  test('signed, by a service provider that has a key', () => {
    expect(judge({}, { sp: signing, signature: 'valid' })).toEqual(accepted)
  })

  test('asking for nothing less than a one-time code, and says so', () => {
    expect(judge({ requestedAuthnContext: [authnContexts.timeSyncToken] })).toEqual({
      ...accepted,
      asksSecondFactor: true,
    })
  })
})

describe('the person gets a page, and the service provider nothing,', () => {
  test.each<
    [string, Partial<JudgedRequest>, Partial<JudgeContext> & { sp?: ServiceProvider }, string, string]
  >([
    [
      'for another issuer',
      { issuer: 'https://evil.example' },
      {},
      'issuer',
      'was issued by "https://evil.example"',
    ],
    [
      'for an issuer that is words to the reader',
      { issuer: 'Call 555 0100 to unlock your account' },
      {},
      'issuer',
      `was issued by (not a URI, so not repeated here), not by ${entityId}`,
    ],
    [
      'for a broken signature',
      {},
      { signature: 'invalid' },
      'signature_invalid',
      'a signature that does not verify',
    ],
    [
      'for a broken signature where one is needed',
      {},
      { sp: signing, signature: 'invalid' },
      'signature_invalid',
      'a signature that does not verify',
    ],
    [
      'for a stripped signature where there is a key',
      {},
      { sp: signing },
      'signature_missing',
      'is not signed',
    ],
    [
      'for a missing signature where the metadata promises one',
      {},
      { sp: { ...aws, authnRequestsSigned: true } },
      'signature_missing',
      'is not signed',
    ],
    [
      'for a signed request without Destination',
      { destination: undefined },
      { sp: signing, signature: 'valid' },
      'destination',
      'names no Destination',
    ],
    [
      'for the Destination of another identity provider',
      { destination: 'https://other.example/sso' },
      {},
      'destination',
      `was made for https://other.example/sso, not for ${ssoUrl}`,
    ],
    ['for a Destination with a slash more', { destination: `${ssoUrl}/` }, {}, 'destination', 'was made for'],
    [
      'for an ACS outside the metadata',
      { acsUrl: 'https://evil.example/acs' },
      {},
      'acs',
      'https://evil.example/acs',
    ],
    ['for an unknown ACS index', { acsUrl: undefined, acsIndex: 9 }, {}, 'acs', 'with index 9'],
    [
      'for a request that is too old',
      { issueInstant: now - defaultMaxAgeMs - defaultSkewMs - 1 },
      {},
      'issue_instant_old',
      'too old now; start again at aws',
    ],
  ])('%s', (_, changes, around, because, says) => {
    const judgement = judge(changes, around)
    expect(judgement).toMatchObject({ ok: false, because, answer: 'page' })
    expect(judgement).toHaveProperty('says', expect.stringContaining(says))
  })
})

describe('the service provider gets a status', () => {
  const urn = 'urn:oasis:names:tc:SAML:2.0:status:'
  test.each<[string, Partial<JudgedRequest>, string, string, string]>([
    ['for SAML 1.1', { version: '1.1' }, 'version', 'VersionMismatch', 'RequestVersionTooLow'],
    ['for SAML 3.0', { version: '3.0' }, 'version', 'VersionMismatch', 'RequestVersionTooHigh'],
    [
      'for a request from the future',
      { issueInstant: now + defaultSkewMs + 1 },
      'issue_instant_future',
      'Requester',
      'RequestDenied',
    ],
    [
      'for an answer by artifact',
      { protocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact' },
      'protocol_binding',
      'Responder',
      'UnsupportedBinding',
    ],
    [
      'for a persistent NameID',
      { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' },
      'name_id_policy',
      'Requester',
      'InvalidNameIDPolicy',
    ],
    [
      'for a NameID of somebody else',
      { spNameQualifier: 'https://other.example' },
      'sp_name_qualifier',
      'Requester',
      'InvalidNameIDPolicy',
    ],
    [
      'for a smart card',
      { requestedAuthnContext: ['urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI'] },
      'authn_context',
      'Responder',
      'NoAuthnContext',
    ],
  ])('%s', (_, changes, because, top, sub) => {
    expect(judge(changes)).toMatchObject({
      ok: false,
      because,
      answer: { statusCode: urn + top, subStatusCode: urn + sub, acsUrl: acsUrls[0] },
    })
  })

  test('never where the ACS is not known, whatever else is wrong', () => {
    expect(judge({ version: '1.1', acsUrl: 'https://evil.example/acs' })).toMatchObject({ answer: 'page' })
  })
})

test.each<[string, Partial<JudgedRequest>]>([
  ['Issuer', { issuer: `urn:${'x'.repeat(1000)}` }],
  ['Destination', { destination: `urn:${'x'.repeat(1000)}` }],
  ['AssertionConsumerServiceURL', { acsUrl: `urn:${'x'.repeat(1000)}` }],
  ['ProtocolBinding', { protocolBinding: `urn:${'x'.repeat(1000)}` }],
  ['Format', { nameIdFormat: `urn:${'x'.repeat(1000)}` }],
  ['SPNameQualifier', { spNameQualifier: `urn:${'x'.repeat(1000)}` }],
  [
    'AuthnContextClassRef',
    { requestedAuthnContext: Array.from({ length: 10 }, () => `urn:${'x'.repeat(200)}`) },
  ],
])('a long %s is repeated in part alone', (_, changes) => {
  const judgement = judge(changes)
  expect(judgement).toHaveProperty('says', expect.stringContaining(`urn:${'x'.repeat(115)}…`))
  expect(judgement).toHaveProperty('says', expect.not.stringContaining('x'.repeat(116)))
})
