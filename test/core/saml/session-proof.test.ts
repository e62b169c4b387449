import { describe, expect, test } from 'vitest'
import { isStale, lacksSecondFactor } from '../../../src/core/saml/session-proof.js'

const asked = { forceAuthn: true, receivedAt: 1000, asksSecondFactor: true }

describe('ForceAuthn', () => {
  test('a proof older than the request is stale, one as old or newer is not', () => {
    const methods = ['password']
    expect(isStale(asked, { authenticatedAt: 999, methods })).toBe(true)
    expect(isStale(asked, { authenticatedAt: 1000, methods })).toBe(false)
    expect(isStale(asked, { authenticatedAt: 1001, methods })).toBe(false)
  })

  test('through a connector only what the upstream asked for anew counts', () => {
    expect(isStale(asked, { authenticatedAt: 1001, methods: ['connector:okta'] })).toBe(true)
    const again = ['connector:okta', 'reauthenticated']
    expect(isStale(asked, { authenticatedAt: 1001, methods: again })).toBe(false)
    expect(isStale(asked, { authenticatedAt: 999, methods: again })).toBe(true)
  })

  test('without ForceAuthn no proof is stale', () => {
    expect(
      isStale({ ...asked, forceAuthn: false }, { authenticatedAt: 0, methods: ['connector:okta'] }),
    ).toBe(false)
  })
})

describe('a request for a second factor', () => {
  test('is met by a code given at sign-in or for this very sign-in', () => {
    expect(lacksSecondFactor(asked, { methods: ['password', 'totp'], mfa: false })).toBe(false)
    expect(lacksSecondFactor(asked, { methods: ['password'], mfa: true })).toBe(false)
  })

  test('is not met by a password alone', () => {
    expect(lacksSecondFactor(asked, { methods: ['password'], mfa: false })).toBe(true)
    expect(lacksSecondFactor({ ...asked, asksSecondFactor: false }, { methods: [], mfa: false })).toBe(false)
  })
})
