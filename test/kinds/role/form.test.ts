import { describe, expect, test } from 'vitest'
import { parseRoleDocument } from '../../../src/kinds/role/form.js'
import { presetRoles } from '../../../src/core/role/presets.js'
import { decideRight } from '../../../src/core/role/right.js'
import { decideSamlAccess } from '../../../src/core/role/saml-access.js'
import { hour, minute } from '../../../src/core/time.js'
import { buildConditions, buildInput } from '../../core/role/build.js'
import { roleOf } from './documents.js'

describe('a role document', () => {
  test('becomes a role with nothing left open', () => {
    const { value } = parseRoleDocument({
      kind: 'role',
      version: 'v8',
      metadata: { name: 'dev', labels: { team: 'sre' }, revision: 'r-1' },
      spec: {
        options: {
          max_session_ttl: '8h',
          client_idle_timeout: '15m',
          require_session_mfa: true,
          device_trust_mode: 'required',
        },
        allow: {
          app_labels: { env: 'prod', size: [1, true] },
          account_assignments: [{ account: 12345678901, permission_set: 'arn:aws:sso:::permissionSet/*' }],
          rules: [{ resources: 'user', verbs: ['list', 'read'] }],
        },
        deny: { app_labels: { env: ['^x.*$'] } },
      },
    })
    expect(value).toEqual({
      name: 'dev',
      version: 'v8',
      labels: { team: 'sre' },
      allow: {
        appLabels: { env: ['prod'], size: ['1', 'true'] },
        accountAssignments: [{ account: '012345678901', permissionSet: 'arn:aws:sso:::permissionSet/*' }],
        rules: [{ resources: ['user'], verbs: ['list', 'read'], where: undefined }],
        appLabelsExpression: undefined,
        request: undefined,
        reviewRequests: undefined,
      },
      deny: buildConditions({ env: ['^x.*$'] }),
      options: {
        maxSessionTtlMs: 8 * hour,
        clientIdleTimeoutMs: 15 * minute,
        requireSessionMfa: 'session',
        deviceTrustMode: 'required',
        samlIdpEnabled: true,
      },
      origin: 'stored',
    })
  })

  test.each(['v3', 'v4', 'v5', 'v6', 'v7', 'v8'])('%s has the defaults of its version', (version) => {
    const { value } = parseRoleDocument(roleOf({}, version))
    expect(value.allow.appLabels).toEqual(version === 'v3' ? { '*': ['*'] } : {})
    expect(value.deny.appLabels).toEqual({})
    expect(value.options).toEqual({
      maxSessionTtlMs: 30 * hour,
      clientIdleTimeoutMs: undefined,
      requireSessionMfa: 'off',
      deviceTrustMode: 'off',
      samlIdpEnabled: true,
    })
  })

  test('in normal form parses to itself, and does not keep the revision', () => {
    const written = {
      kind: 'role',
      version: 'v7',
      metadata: { name: 'dev', description: 'd', revision: 'r-1', id: 7 },
      spec: {
        options: {
          idp: { saml: { enabled: 'no' } },
          max_session_ttl: '90m',
          forward_agent: true,
          lock: null,
        },
        allow: { app_labels: { env: 'prod' }, logins: ['root'], request: { roles: ['x'] } },
        deny: null,
      },
    }
    const first = parseRoleDocument(written)
    expect(first.revision).toBe('r-1')
    expect(first.document.metadata).toEqual({ name: 'dev', description: 'd' })
    expect(first.document).toEqual(JSON.parse(JSON.stringify(first.document)))
    const second = parseRoleDocument(first.document)
    expect(second.document).toEqual(first.document)
    expect(second.value).toEqual(first.value)
    expect(second.revision).toBeUndefined()
    expect(first.value.options.samlIdpEnabled).toBe(false)
  })

  test('keeps fields that mean nothing for AWS and tells which', () => {
    const { ignored, document } = parseRoleDocument(
      roleOf({
        options: { forward_agent: true },
        allow: { logins: ['root'], node_labels: { '*': '*' } },
        deny: { db_users: ['x'] },
      }),
    )
    expect(ignored).toEqual([
      'spec.options.forward_agent',
      'spec.allow.logins',
      'spec.allow.node_labels',
      'spec.deny.db_users',
    ])
    expect(document.spec.allow?.logins).toEqual(['root'])
  })

  test.each([
    [true, 'session'],
    ['yes', 'session'],
    ['session', 'session'],
    [1, 'session'],
    [false, 'off'],
    ['no', 'off'],
    ['off', 'off'],
    [0, 'off'],
    ['hardware_key_touch', 'hardware_key_touch'],
    [4, 'hardware_key_pin'],
  ])('require_session_mfa: %j is %s', (written, expected) => {
    const { value } = parseRoleDocument(roleOf({ options: { require_session_mfa: written } }))
    expect(value.options.requireSessionMfa).toBe(expected)
  })

  test('the shortest limits that a role may have are those in which one can still administer', () => {
    const { value } = parseRoleDocument(
      roleOf({ options: { max_session_ttl: '5m', client_idle_timeout: '1m' } }),
    )
    expect(value.options).toMatchObject({ maxSessionTtlMs: 300_000, clientIdleTimeoutMs: 60_000 })
  })

  test.each(['0', 0, 'never', ''])('client_idle_timeout: %j is no limit', (written) => {
    const { value } = parseRoleDocument(roleOf({ options: { client_idle_timeout: written } }))
    expect(value.options.clientIdleTimeoutMs).toBeUndefined()
  })
})

describe('expressions and requests in a role document', () => {
  const spec = {
    options: {
      request_access: 'reason',
      request_prompt: 'Which ticket?',
      mfa_verification_interval: '30m',
      lock: 'strict',
    },
    allow: {
      app_labels_expression: 'labels["env"] == "prod"',
      rules: [
        { resources: ['user'], verbs: ['update'], where: 'resource.metadata.name != "root"', actions: ['x'] },
      ],
      request: {
        roles: ['dev-*', '^prod-(a|b)$', 'access'],
        search_as_roles: 'access',
        claims_to_roles: [{ claim: 'groups', value: '^team-(.*)$', roles: ['dev-$1'] }],
        reason: { mode: 'required', prompt: 'Why?' },
        thresholds: [
          { name: 'two', filter: 'contains(reviewer.roles, "lead")', approve: 2, deny: '1' },
          { approve: 1 },
        ],
        suggested_reviewers: ['carol'],
        annotations: { service: 'pager', team: ['{{external.team}}', 'x'] },
        max_duration: '4h',
        kubernetes_resources: [{ kind: 'pod' }],
      },
      review_requests: {
        roles: ['dev-*'],
        claims_to_roles: [{ claim: 'groups', value: 'leads', roles: ['access'] }],
        preview_as_roles: ['access'],
        where: 'contains(request.roles, "dev")',
        submit_for_users: ['x'],
      },
    },
    deny: { app_labels_expression: 'labels.env == "lab"', request: { roles: ['root'] } },
  }

  test('become conditions with nothing left open', () => {
    const { value, ignored } = parseRoleDocument(roleOf(spec))
    expect(value.allow.appLabelsExpression).toBe('labels["env"] == "prod"')
    expect(value.deny.appLabelsExpression).toBe('labels.env == "lab"')
    expect(value.allow.rules[0]?.where).toBe('resource.metadata.name != "root"')
    expect(value.allow.request).toEqual({
      roles: ['dev-*', '^prod-(a|b)$', 'access'],
      searchAsRoles: ['access'],
      claimsToRoles: [{ claim: 'groups', value: '^team-(.*)$', roles: ['dev-$1'] }],
      reason: { mode: 'required', prompt: 'Why?' },
      thresholds: [
        { name: 'two', filter: 'contains(reviewer.roles, "lead")', approve: 2, deny: 1 },
        { name: undefined, filter: undefined, approve: 1, deny: 1 },
      ],
      suggestedReviewers: ['carol'],
      annotations: { service: ['pager'], team: ['{{external.team}}', 'x'] },
      maxDurationMs: 4 * hour,
    })
    expect(value.allow.reviewRequests).toEqual({
      roles: ['dev-*'],
      claimsToRoles: [{ claim: 'groups', value: 'leads', roles: ['access'] }],
      previewAsRoles: ['access'],
      where: 'contains(request.roles, "dev")',
    })
    expect(value.deny.request).toEqual({
      roles: ['root'],
      searchAsRoles: [],
      claimsToRoles: [],
      reason: { mode: 'optional', prompt: undefined },
      thresholds: [],
      suggestedReviewers: [],
      annotations: {},
      maxDurationMs: undefined,
    })
    expect(value.deny.reviewRequests).toBeUndefined()
    expect(ignored).toEqual([
      'spec.options.lock',
      'spec.options.mfa_verification_interval',
      'spec.options.request_access',
      'spec.options.request_prompt',
      'spec.allow.rules.0.actions',
      'spec.allow.request.kubernetes_resources',
      'spec.allow.review_requests.submit_for_users',
    ])
  })

  test('in normal form parse to themselves, and no field is lost', () => {
    const first = parseRoleDocument(roleOf(spec))
    const second = parseRoleDocument(first.document)
    expect(second.document).toEqual(first.document)
    expect(second.value).toEqual(first.value)
    const normal = structuredClone(spec) as typeof spec & { allow: { request: object } }
    Object.assign(normal.allow.request, {
      search_as_roles: ['access'],
      annotations: { service: ['pager'], team: ['{{external.team}}', 'x'] },
      thresholds: [{ ...spec.allow.request.thresholds[0], deny: 1 }, { approve: 1 }],
    })
    expect(first.document.spec).toEqual(normal)
  })

  test.each(['request', 'review_requests'])('an empty %s is none', (section) => {
    const { value } = parseRoleDocument(roleOf({ allow: { [section]: null } }))
    expect(value.allow.request).toBeUndefined()
    expect(value.allow.reviewRequests).toBeUndefined()
  })
})

describe('preset roles', () => {
  const preset = (name: string) => {
    const document = presetRoles.find(({ metadata }) => metadata.name === name)
    return parseRoleDocument(document).value
  }

  test('are documents that load without a warning', () => {
    expect(presetRoles.map(({ metadata }) => metadata.name)).toEqual([
      'editor',
      'auditor',
      'access',
      'requester',
      'reviewer',
    ])
    for (const document of presetRoles) expect(parseRoleDocument(document).ignored).toEqual([])
  })

  test('only access lets anyone sign in to AWS', () => {
    for (const { metadata } of presetRoles) {
      const { effect } = decideSamlAccess(buildInput([preset(metadata.name)]))
      expect([metadata.name, effect]).toEqual([metadata.name, metadata.name === 'access' ? 'allow' : 'deny'])
    }
  })

  test('the editor changes people and applications, the auditor reads the log, neither does the other', () => {
    const may = (role: string, resource: string, verb: string) =>
      decideRight([preset(role)], { resource, verb }).effect
    for (const kind of [
      'user',
      'role',
      'saml_idp_service_provider',
      'plugin',
      'integration',
      'cluster_auth_preference',
    ]) {
      expect(may('editor', kind, 'create')).toBe('allow')
      expect(may('auditor', kind, 'create')).toBe('deny')
    }
    expect(may('auditor', 'event', 'list')).toBe('allow')
    expect(may('editor', 'event', 'list')).toBe('deny')
    expect(may('requester', 'user', 'list')).toBe('deny')
  })
})
