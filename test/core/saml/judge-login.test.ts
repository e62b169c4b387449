import { describe, expect, test } from 'vitest'
import { judgeLogin, type LoginContext } from '../../../src/core/saml/judge-login.js'
import type { LoginFault, LoginResponse } from '../../../src/core/saml/login-response.js'

const now = Date.UTC(2026, 2, 1, 9)
const minute = 60_000
const context: LoginContext = {
  now,
  issuer: 'https://idp.example',
  entityId: 'https://gate.example/saml/sp/corp/metadata',
  acsUrl: 'https://gate.example/acs',
  requestId: '_request',
  allowIdpInitiated: false,
}
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const confirmation = {
  method: bearer,
  recipient: context.acsUrl,
  inResponseTo: '_request',
  notBefore: undefined,
  notOnOrAfter: now + 5 * minute,
}
const statement = { authnInstant: now - minute, sessionNotOnOrAfter: undefined, classRef: undefined }
const good: LoginResponse = {
  envelope: {
    version: '2.0',
    issuer: context.issuer,
    issueInstant: now,
    destination: context.acsUrl,
    inResponseTo: '_request',
  },
  envelopeSigned: false,
  assertion: {
    id: '_a',
    version: '2.0',
    issuer: context.issuer,
    issueInstant: now,
    nameId: undefined,
    confirmations: [confirmation],
    notBefore: now - minute,
    notOnOrAfter: now + 5 * minute,
    audiences: [[context.entityId]],
    unknownConditions: [],
    authnStatements: [statement],
    attributes: {},
  },
}

function withAssertion(change: Partial<LoginResponse['assertion']>): LoginResponse {
  return { ...good, assertion: { ...good.assertion, ...change } }
}

function withEnvelope(change: Partial<LoginResponse['envelope']>, signed = false): LoginResponse {
  return { ...good, envelopeSigned: signed, envelope: { ...good.envelope, ...change } }
}

function withConfirmation(change: Partial<typeof confirmation> | { notOnOrAfter: undefined }): LoginResponse {
  return withAssertion({ confirmations: [{ ...confirmation, ...change }] })
}

describe('an answer to our request', () => {
  test('is accepted, and remembered for as long as it could be used again', () => {
    expect(judgeLogin(good, context)).toEqual({
      ok: true,
      usableUntil: now + 6 * minute,
      notAfter: undefined,
      authentication: undefined,
    })
  })

  test('ends the session when that of the identity provider ends, at the first of several ends', () => {
    const authnStatements = [
      { ...statement, sessionNotOnOrAfter: now + 3 * minute, classRef: 'urn:x' },
      { ...statement, sessionNotOnOrAfter: now + 2 * minute },
    ]
    expect(judgeLogin(withAssertion({ authnStatements }), context)).toMatchObject({
      notAfter: now + 2 * minute,
      authentication: 'urn:x',
    })
  })

  test('may be off by the skew, and no further', () => {
    const early = { notBefore: now + minute }
    expect(judgeLogin(withAssertion(early), context).ok).toBe(true)
    expect(judgeLogin(withAssertion({ notBefore: now + minute + 1 }), context).ok).toBe(false)
    expect(judgeLogin(withAssertion({ notOnOrAfter: now - minute + 1 }), context).ok).toBe(true)
    expect(judgeLogin(withAssertion({ notOnOrAfter: now - minute }), context).ok).toBe(false)
  })

  test('may be confirmed by any one of several confirmations', () => {
    const confirmations = [{ ...confirmation, recipient: 'https://other.example' }, confirmation]
    expect(judgeLogin(withAssertion({ confirmations }), context).ok).toBe(true)
  })

  const refused: readonly [string, LoginFault, LoginResponse][] = [
    ['another version', 'version', withEnvelope({ version: '1.1' })],
    ['another issuer of the assertion', 'issuer', withAssertion({ issuer: 'https://evil.example' })],
    ['another issuer of the Response', 'issuer', withEnvelope({ issuer: 'https://evil.example' })],
    ['another destination', 'destination', withEnvelope({ destination: 'https://other.example' })],
    ['no destination, though signed', 'destination', withEnvelope({ destination: undefined }, true)],
    ['no InResponseTo', 'in_response_to', withEnvelope({ inResponseTo: undefined })],
    ['another InResponseTo', 'in_response_to', withEnvelope({ inResponseTo: '_other' })],
    [
      'an age of more than ten minutes',
      'issue_instant',
      withEnvelope({ issueInstant: now - 11 * minute - 1 }),
    ],
    ['an instant in the future', 'issue_instant', withEnvelope({ issueInstant: now + minute + 1 })],
    ['an unknown condition', 'conditions', withAssertion({ unknownConditions: ['Strange'] })],
    ['no audience', 'audience', withAssertion({ audiences: [] })],
    ['an empty restriction', 'audience', withAssertion({ audiences: [[]] })],
    [
      'one restriction of two that is for others',
      'audience',
      withAssertion({ audiences: [[context.entityId], ['x:y']] }),
    ],
    ['no confirmation', 'confirmation', withAssertion({ confirmations: [] })],
    [
      'a confirmation by key',
      'confirmation',
      withConfirmation({ method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' }),
    ],
    ['another recipient', 'confirmation', withConfirmation({ recipient: 'https://other.example' })],
    ['a confirmation without end', 'confirmation', withConfirmation({ notOnOrAfter: undefined })],
    ['a confirmation for days', 'confirmation', withConfirmation({ notOnOrAfter: now + 61 * minute })],
    ['a confirmation that is over', 'confirmation', withConfirmation({ notOnOrAfter: now - minute })],
    ['a confirmation of another request', 'confirmation', withConfirmation({ inResponseTo: '_other' })],
    ['no AuthnStatement', 'authn_statement', withAssertion({ authnStatements: [] })],
    [
      'a session that ended',
      'authn_statement',
      withAssertion({ authnStatements: [{ ...statement, sessionNotOnOrAfter: now }] }),
    ],
    [
      'a proof from the future',
      'authn_statement',
      withAssertion({ authnStatements: [{ ...statement, authnInstant: now + minute + 1 }] }),
    ],
  ]
  test.each(refused)('with %s is refused (%s)', (_, because, response) => {
    expect(judgeLogin(response, context)).toMatchObject({ ok: false, because })
  })
})

describe('an answer to nothing', () => {
  const unasked = { ...context, requestId: undefined }
  const unsolicited: LoginResponse = {
    ...good,
    envelope: { ...good.envelope, inResponseTo: undefined },
    assertion: { ...good.assertion, confirmations: [{ ...confirmation, inResponseTo: undefined }] },
  }

  test('is accepted only where the connector allows it', () => {
    expect(judgeLogin(unsolicited, unasked)).toMatchObject({ because: 'unsolicited' })
    expect(judgeLogin(unsolicited, { ...unasked, allowIdpInitiated: true })).toMatchObject({ ok: true })
  })

  test('is refused where it says that it answers a request', () => {
    const allowed = { ...unasked, allowIdpInitiated: true }
    expect(judgeLogin(good, allowed)).toMatchObject({ because: 'in_response_to' })
    const inside = { ...unsolicited, assertion: good.assertion }
    expect(judgeLogin(inside, allowed)).toMatchObject({ because: 'confirmation' })
  })
})
