import { describe, expect, test } from 'vitest'
import { findLoginSubject } from '../../../src/core/saml/login-subject.js'
import { judgeLogin } from '../../../src/core/saml/judge-login.js'
import { buildLoginRedirect, buildSpMetadata } from '../../../src/saml/sp/login-request.js'
import { parseResponseForm, readLoginResponse } from '../../../src/saml/sp/read-response.js'
import { parseUpstreamMetadata } from '../../../src/saml/sp/upstream-metadata.js'
import {
  isSignedQuery,
  makeUpstreamIdp,
  readLoginRequest,
  signUpstream,
} from '../../support/upstream-saml-idp.js'
import { wrappings, wrapSignature } from '../../support/wrap-signature.js'
import { certificate, now, signingKey } from '../support.js'

const idp = await makeUpstreamIdp('https://idp.corp.example', () => now)
const to = { id: '_request-1', acsUrl: 'https://gate.example/acs', issuer: 'https://gate.example/sp' }
const rules = { allowHttpLoopback: false }
const upstream = parseUpstreamMetadata(idp.metadata, rules)
const context = {
  now,
  issuer: idp.entityId,
  entityId: to.issuer,
  acsUrl: to.acsUrl,
  requestId: to.id,
  allowIdpInitiated: false,
}

describe('a Response of an upstream identity provider', () => {
  test.each(['Assertion', 'Response'] as const)('is read where the %s is signed', async (signed) => {
    const xml = await signUpstream(idp.write(to, { nameId: 'Mallory@corp.example' }), signed, idp)
    const reading = readLoginResponse(xml, upstream.certificates)
    if (!reading.ok) throw new Error(reading.says)
    expect(reading.response.envelopeSigned).toBe(signed === 'Response')
    expect(judgeLogin(reading.response, context)).toMatchObject({ ok: true, notAfter: now + 4 * 3_600_000 })
    const subject = findLoginSubject(reading.response.assertion, {
      ...context,
      usernameAttribute: undefined,
      subjectAttribute: undefined,
    })
    expect(subject).toMatchObject({ ok: true, username: 'Mallory@corp.example' })
  })

  test('is read where an ECDSA key of its metadata signed it, and not by the key of another one', async () => {
    const ours = await makeUpstreamIdp('https://ec.corp.example', () => now, 'ECDSA')
    const other = await makeUpstreamIdp('https://ec.corp.example', () => now, 'ECDSA')
    const { certificates } = parseUpstreamMetadata(ours.metadata, rules)
    const xml = await signUpstream(ours.write(to), 'Assertion', ours)
    expect(xml).toContain('xmldsig-more#ecdsa-sha256')
    expect(readLoginResponse(xml, certificates)).toMatchObject({ ok: true })
    const forged = await signUpstream(ours.write(to), 'Assertion', other)
    const named = await signUpstream(ours.write(to), 'Assertion', other, { keyInfo: ours })
    const changed = xml.replace('mallory@corp.example', 'admin@corp.example')
    expect(changed).not.toBe(xml)
    for (const bad of [forged, named, changed]) {
      expect(readLoginResponse(bad, certificates)).toMatchObject({ ok: false })
    }
    expect(readLoginResponse(xml, upstream.certificates)).toMatchObject({ ok: false })
  })

  test('is read where both are signed', async () => {
    const inner = await signUpstream(idp.write(to), 'Assertion', idp)
    const xml = await signUpstream(inner, 'Response', idp)
    expect(readLoginResponse(xml, upstream.certificates)).toMatchObject({ ok: true })
  })

  test.each(wrappings)('$name is refused', async (wrapping) => {
    const xml = await signUpstream(idp.write(to), wrapping.signs, idp)
    const wrapped = wrapSignature(wrapping, xml, 'admin@corp.example')
    expect(readLoginResponse(xml, upstream.certificates).ok).toBe(true)
    expect(readLoginResponse(wrapped, upstream.certificates)).toMatchObject({ ok: false })
  })
})

describe('what we send', () => {
  const request = {
    ...to,
    issueInstant: now,
    entityId: to.issuer,
    ssoUrl: 'https://idp.corp.example/sso?tenant=1',
    relayState: 'state+/=',
    forceAuthn: false,
  }
  const key = signingKey('dev-idp')

  test('is a request that the identity provider reads, and finds signed by the key in our metadata', () => {
    const url = buildLoginRedirect(request, key)
    const metadata = buildSpMetadata({
      entityId: to.issuer,
      acsUrl: to.acsUrl,
      certificatesPem: [certificate('dev-idp')],
      signsRequests: true,
    })
    const read = readLoginRequest(url)
    expect(read).toMatchObject({ ...to, destination: request.ssoUrl, relayState: 'state+/=' })
    expect(isSignedQuery(read.query.replace('tenant=1&', ''), metadata)).toBe(true)
    expect(
      isSignedQuery(read.query.replace('tenant=1&', '').replace('SAMLRequest=', 'SAMLRequest=A'), metadata),
    ).toBe(false)
  })

  test('bears no signature where there is no key to sign with', () => {
    expect(buildLoginRedirect(request, undefined)).not.toContain('SigAlg')
  })
})

test('a form without SAMLResponse, or with one that is not base64, is refused', () => {
  expect(() => parseResponseForm('RelayState=x')).toThrow('SAMLResponse is missing')
  expect(() => parseResponseForm('SAMLResponse=%3Cxml')).toThrow('not base64')
})
