/** @module Documents that use every freedom of the forms: one text for a list, yes for true, numbers for text. */
import type { Json } from './spoilt-documents.js'

const documentOf = (kind: string, version: string, spec: Json, name: Json = 'x'): Json => ({
  kind,
  version,
  metadata: {
    name,
    description: 12,
    labels: { a: 1, b: true, c: '' },
    expires: '0001-01-01T00:00:00Z',
    revision: 7,
    id: 5,
  },
  spec,
})

const conditions: Json = {
  app_labels: { env: 'a', team: ['b', 3, true] },
  app_labels_expression: '',
  account_assignments: [{ account: 123, permission_set: '*' }],
  rules: [{ resources: 'user', verbs: 'read', where: null }],
  request: {
    roles: 'a*',
    search_as_roles: 5,
    claims_to_roles: [{ claim: 1, value: true, roles: 'r' }],
    reason: { mode: 'Required', prompt: 1 },
    suggested_reviewers: 'bob',
    annotations: { a: ['b', 1], c: false },
    max_duration: '1.5h',
    kubernetes_resources: 1,
  },
  review_requests: { roles: ['a'], claims_to_roles: [], preview_as_roles: 'x', where: '' },
  logins: [{ any: 'thing' }],
}

export const lenient: readonly Json[] = [
  documentOf('user', 'v2', {
    roles: 5,
    traits: { a: null, b: 1, c: [], d: ['x', true] },
    created_by: { connector: { id: 1, type: 'saml', identity: {} }, time: null },
    status: { is_locked: 'No', locked_message: '' },
    expires: null,
    local_auth: {},
  }),
  documentOf('user', 'v2', { roles: null, traits: null, created_by: { connector: null }, status: null }, 7),
  documentOf('token', 'v1', { roles: ['a', 1], traits: null, expires: null, ttl: '1h30m' }),
  documentOf('token', 'v1', { roles: [], expires: '2027-01-31T08:00:00.123+02:00', ttl: null }),
  documentOf('lock', 'v2', { target: { login: 5, node: '', server_id: null }, message: 5, ttl: '5ms' }),
  documentOf('lock', 'v2', { target: { session: 'x' }, message: null, created_at: 1, created_by: [] }),
  ...[0, 5, true, false, 'yes', 'Hardware_Key', '', 'ON'].map((mode) =>
    documentOf(
      'cluster_auth_preference',
      'v2',
      {
        type: 'local',
        allow_local_auth: 'ON',
        second_factors: 'otp',
        require_session_mfa: mode,
        device_trust: { mode: false, auto_enroll: 1 },
        idp: { saml: { enabled: 'off' } },
        default_session_ttl: '1d',
        webauthn: {},
      },
      'cluster-auth-preference',
    ),
  ),
  ...['off', 'optional', 'on', 'otp', true, false].map((factor) =>
    documentOf(
      'cluster_auth_preference',
      'v2',
      { second_factor: factor, second_factors: null },
      'cluster-auth-preference',
    ),
  ),
  documentOf('saml_idp_service_provider', 'v1', {
    entity_descriptor: '',
    entity_id: 5,
    acs_url: 'HTTPS://App.example/a?b=c',
    attribute_mapping: [{ name: 1, name_format: '', value: 'uid' }],
    preset: '',
    relay_state: 1,
    launch_urls: 'http://localhost:1/',
  }),
  ...['v3', 'v7'].map((version) =>
    documentOf('role', version, {
      options: {
        max_session_ttl: '8h',
        client_idle_timeout: 0,
        require_session_mfa: 1,
        device_trust_mode: false,
        idp: { saml: { enabled: 'no' } },
        lock: 'STRICT',
        mfa_verification_interval: null,
        request_access: '',
        request_prompt: 5,
        cert_format: {},
      },
      allow: conditions,
      deny: conditions,
    }),
  ),
  documentOf('role', 'v8', {
    options: null,
    allow: { request: { thresholds: [{ name: 1, filter: '', approve: '0002', deny: 3 }] } },
  }),
]
