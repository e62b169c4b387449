import { describe, expect, test } from 'vitest'
import { defaultClusterAuthPreference } from '../../../src/core/role/default-preference.js'
import { parseClusterAuthPreferenceDocument } from '../../../src/kinds/cluster_auth_preference/form.js'
import { hour } from '../../../src/core/time.js'

function preferenceOf(spec: unknown, name = 'cluster-auth-preference'): unknown {
  return { kind: 'cluster_auth_preference', version: 'v2', metadata: { name }, spec }
}

describe('a cluster_auth_preference document', () => {
  test('that says nothing is the default', () => {
    expect(parseClusterAuthPreferenceDocument(preferenceOf({})).value).toEqual(defaultClusterAuthPreference)
  })

  test('says what holds for everyone', () => {
    const { value, document, ignored } = parseClusterAuthPreferenceDocument(
      preferenceOf({
        type: 'local',
        second_factors: ['otp', 'webauthn'],
        webauthn: { rp_id: 'Example.com', disabled: false },
        allow_passwordless: 'no',
        require_session_mfa: 'yes',
        device_trust: { mode: 'required', auto_enroll: true },
        idp: { saml: { enabled: 'off' } },
        default_session_ttl: '4h',
      }),
    )
    expect(value).toEqual({
      samlIdpEnabled: false,
      requireSessionMfa: 'session',
      deviceTrustMode: 'required',
      secondFactor: 'required',
      factorKinds: ['webauthn', 'otp'],
      allowPasswordless: false,
      webauthn: { rpId: 'example.com', attestationAllowedCas: [], attestationDeniedCas: [] },
      defaultSessionTtlMs: 4 * hour,
    })
    expect(ignored).toEqual(['spec.webauthn.disabled'])
    expect(parseClusterAuthPreferenceDocument(document).document).toEqual(document)
  })

  test.each([
    [{ when_overdue: { then: 'freeze', after: '7d' } }, { then: 'freeze', afterMs: 7 * 24 * hour }],
    [{ when_overdue: { then: 'remove_grants' } }, { then: 'remove_grants', afterMs: 0 }],
    [{ when_overdue: { then: 'remind', after: 0 } }, { then: 'remind', afterMs: 0 }],
    [{ when_overdue: null }, undefined],
    [null, undefined],
  ])('access_list_reviews: %j is %j', (written, expected) => {
    const { value, document } = parseClusterAuthPreferenceDocument(
      preferenceOf({ access_list_reviews: written }),
    )
    expect(value.accessListReviews).toEqual(expected)
    expect(parseClusterAuthPreferenceDocument(document)).toMatchObject({ document, value })
  })

  test.each([
    [{ when_overdue: { then: 'delete' } }, 'must be one of remind, freeze, remove_grants'],
    [{ when_overdue: { then: 'freeze', after: 'soon' } }, 'after'],
    [{ then: 'freeze' }, 'access_list_reviews'],
  ])('access_list_reviews: %j is refused', (written, problem) => {
    const document = preferenceOf({ access_list_reviews: written })
    expect(() => parseClusterAuthPreferenceDocument(document)).toThrow(problem)
  })

  test.each([
    [{ second_factors: [] }, 'optional'],
    [{ second_factors: 'otp' }, 'required'],
    [{ second_factor: 'on' }, 'required'],
    [{ second_factor: true }, 'required'],
    [{ second_factor: 'optional' }, 'optional'],
    [{ second_factor: false }, 'optional'],
  ])('%j makes the second factor %s', (spec, expected) => {
    expect(parseClusterAuthPreferenceDocument(preferenceOf(spec)).value.secondFactor).toBe(expected)
  })

  test.each([
    [{}, ['webauthn', 'otp']],
    [{ second_factors: [] }, ['webauthn', 'otp']],
    [{ second_factors: ['otp', 'sso'] }, ['otp']],
    [{ second_factors: 'webauthn' }, ['webauthn']],
    [{ second_factor: 'webauthn' }, ['webauthn']],
    [{ second_factor: 'otp' }, ['otp']],
    [{ second_factor: 'on' }, ['webauthn', 'otp']],
    [{ second_factor: 'optional' }, ['webauthn', 'otp']],
  ])('%j allows %j', (spec, expected) => {
    expect(parseClusterAuthPreferenceDocument(preferenceOf(spec)).value.factorKinds).toEqual(expected)
  })

  test.each<[string, unknown, string]>([
    [
      'no domain name',
      preferenceOf({ webauthn: { rp_id: 'https://a.b' } }),
      'spec.webauthn.rp_id: must be a',
    ],
    [
      'no certificates',
      preferenceOf({ webauthn: { attestation_allowed_cas: ['-----BEGIN CERTIFICATE-----x'] } }),
      'attestation_allowed_cas: must be certificates in PEM',
    ],
    ['another name', preferenceOf({}, 'mine'), 'metadata.name: must be cluster-auth-preference'],
    [
      'only second factors that do not exist here',
      preferenceOf({ second_factors: ['sso'] }),
      'must contain webauthn or otp',
    ],
    ['an unknown second factor', preferenceOf({ second_factors: ['otp', 'sms'] }), '"sms" is none of'],
    [
      'both forms of second factors',
      preferenceOf({ second_factor: 'on', second_factors: ['otp'] }),
      'write only one',
    ],
    [
      'local sign-in switched off',
      preferenceOf({ allow_local_auth: false }),
      'local sign-in cannot be switched off',
    ],
    ['another type', preferenceOf({ type: 'oidc' }), 'spec.type: must be local'],
    [
      'an unknown field',
      preferenceOf({ idp: { saml: { enable: true } } }),
      'spec.idp.saml.enable: this field is not',
    ],
    [
      'no duration',
      preferenceOf({ default_session_ttl: 'x' }),
      'spec.default_session_ttl: "x" is not a duration',
    ],
    [
      'sessions that end before anybody has done anything',
      preferenceOf({ default_session_ttl: '4m59s' }),
      'spec.default_session_ttl: "4m59s" is too short; it must be 5m at least',
    ],
  ])('with %s is refused', (_, document, expected) => {
    const parse = () => parseClusterAuthPreferenceDocument(document)
    expect(parse).toThrow(expect.objectContaining({ code: 'INVALID_RESOURCE' }))
    expect(parse).toThrow(expected)
  })
})
