import { describe, expect, test } from 'vitest'
import { parseRoleDocument } from '../../../src/api/resource/role.js'
import { isCode } from '../../../src/core/error.js'
import { presetRoles } from '../../../src/core/role/presets.js'
import { decideRight } from '../../../src/core/role/right.js'
import { decideSamlAccess } from '../../../src/core/role/saml-access.js'
import { hour, minute } from '../../../src/core/time.js'
import { buildInput } from '../../core/role/build.js'

function roleOf(spec: unknown, version = 'v8'): unknown {
  return { kind: 'role', version, metadata: { name: 'dev' }, spec }
}

/** The problems of a document as `path: message`, none where it is accepted. */
function problemsOf(document: unknown): string[] {
  try {
    parseRoleDocument(document)
    return []
  } catch (error) {
    if (!isCode(error, 'INVALID_RESOURCE')) throw error
    const problems = error.details['problems'] as { path: string; message: string }[]
    for (const { message } of problems) expect(error.message).toContain(message)
    return problems.map(({ path, message }) => `${path}: ${message}`)
  }
}

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
        rules: [{ resources: ['user'], verbs: ['list', 'read'] }],
      },
      deny: { appLabels: { env: ['^x.*$'] }, accountAssignments: [], rules: [] },
      options: {
        maxSessionTtlMs: 8 * hour,
        clientIdleTimeoutMs: 15 * minute,
        requireSessionMfa: 'session',
        deviceTrustMode: 'required',
        samlIdpEnabled: true,
      },
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

  test.each(['0', 0, 'never', ''])('client_idle_timeout: %j is no limit', (written) => {
    const { value } = parseRoleDocument(roleOf({ options: { client_idle_timeout: written } }))
    expect(value.options.clientIdleTimeoutMs).toBeUndefined()
  })
})

describe('a role document is refused', () => {
  test.each<[string, unknown, string]>([
    ['without a version', { ...(roleOf({}) as object), version: undefined }, 'version: must be one of v3'],
    ['of an unknown version', roleOf({}, 'v9'), 'version: must be one of v3, v4, v5, v6, v7, v8'],
    ['with an unknown field', roleOf({ denny: {} }), 'spec.denny: this field is not known'],
    [
      'with an unknown condition',
      roleOf({ allow: { app_label: {} } }),
      'spec.allow.app_label: this field is not',
    ],
    [
      'with an unknown option',
      roleOf({ options: { ttl: '1h' } }),
      'spec.options.ttl: this field is not known',
    ],
    [
      'with idp.saml.enabled in v8',
      roleOf({ options: { idp: { saml: { enabled: true } } } }),
      'spec.options.idp.saml.enabled: is not supported in v8',
    ],
    [
      'with an expression that would narrow it',
      roleOf({ allow: { app_labels_expression: 'labels.env == "prod"' } }),
      'spec.allow.app_labels_expression: this version cannot evaluate expressions',
    ],
    [
      'with a condition on a rule',
      roleOf({ deny: { rules: [{ resources: ['user'], verbs: ['read'], where: 'x' }] } }),
      'spec.deny.rules.0.where: this version cannot evaluate "where"',
    ],
    [
      'with a mistyped verb',
      roleOf({ deny: { rules: [{ resources: ['user'], verbs: ['updat'] }] } }),
      'spec.deny.rules.0.verbs: "updat" is not a verb',
    ],
    [
      'with an empty list of verbs',
      roleOf({ deny: { rules: [{ resources: ['user'], verbs: [] }] } }),
      'spec.deny.rules.0.verbs: names no verb',
    ],
    [
      'with a broken pattern',
      roleOf({ allow: { app_labels: { env: '^(x$' } } }),
      'spec.allow.app_labels.env: the pattern',
    ],
    [
      'with a broken template',
      roleOf({ allow: { app_labels: { env: '{{team}}' } } }),
      'spec.allow.app_labels.env: the template "{{team}}"',
    ],
    [
      'with a template as key',
      roleOf({ deny: { app_labels: { '{{external.x}}': 'y' } } }),
      'spec.deny.app_labels.{{external.x}}: a template can be a value',
    ],
    ['with a label without values', roleOf({ deny: { app_labels: { env: [] } } }), 'env: names no value'],
    [
      'with a label of null',
      roleOf({ allow: { app_labels: { env: null } } }),
      'spec.allow.app_labels.env: must be text',
    ],
    [
      'with * for one value only',
      roleOf({ allow: { app_labels: { '*': 'x' } } }),
      "the label '*' can only have",
    ],
    [
      'with *: * beside other labels',
      roleOf({ allow: { app_labels: { '*': '*', env: 'x' } } }),
      "spec.allow.app_labels: '*': '*' means anything and stands alone",
    ],
    [
      'with a template for an account',
      roleOf({ allow: { account_assignments: [{ account: '{{external.a}}', permission_set: '*' }] } }),
      'spec.allow.account_assignments.0.account: templates are not supported',
    ],
    [
      'with half an account assignment',
      roleOf({ allow: { account_assignments: [{ account: '1' }] } }),
      'spec.allow.account_assignments.0.permission_set: must be text',
    ],
    [
      'with a duration that is none',
      roleOf({ options: { max_session_ttl: '8 hours' } }),
      '"8 hours" is not a duration',
    ],
    [
      'with a duration beyond reason',
      roleOf({ options: { max_session_ttl: '99999h' } }),
      'is longer than a year',
    ],
    [
      'with an unknown MFA mode',
      roleOf({ options: { require_session_mfa: 'sms' } }),
      'must be yes, no or one of',
    ],
    [
      'with an unknown device mode',
      roleOf({ options: { device_trust_mode: 'yes' } }),
      'must be one of off, optional',
    ],
    [
      'that expires',
      { ...(roleOf({}) as object), metadata: { name: 'x', expires: '2030-01-01T00:00:00Z' } },
      'metadata.expires: expiry of a resource is not supported',
    ],
    ['that is a list', [], ': Invalid input: expected object'],
    [
      'with a key that reaches prototypes',
      JSON.parse('{"kind":"role","spec":{"__proto__":{}}}'),
      'spec.__proto__: this name',
    ],
  ])('%s', (_, document, expected) => {
    expect(problemsOf(document).join('\n')).toContain(expected)
  })

  test.each(['', '.', '..', '../x', 'a/b', 'a\\b', 'a\nb', ' a', 'a\u202Eb', 'e\u0301', 'x'.repeat(201)])(
    'for the name %j',
    (name) => {
      expect(problemsOf({ ...(roleOf({}) as object), metadata: { name } })[0]).toMatch(
        /^metadata\.name: must /,
      )
    },
  )

  test('with all of its problems at once, and a message that names the role and the place', () => {
    const document = roleOf({
      options: { max_session_ttl: 'x', idp: { saml: { enabled: false } } },
      allow: { app_labels: { env: '' }, foo: 1 },
      bar: 2,
    })
    expect(problemsOf(document).map((problem) => problem.split(':')[0])).toEqual(
      expect.arrayContaining([
        'spec.options.max_session_ttl',
        'spec.options.idp.saml.enabled',
        'spec.allow.app_labels.env',
        'spec.allow.foo',
        'spec.bar',
      ]),
    )
    expect(() => parseRoleDocument(document, 'roles.yaml')).toThrow('role "dev" (roles.yaml): ')
  })

  test('an empty expression and an expiry that never comes are no problem', () => {
    const metadata = { name: 'x', expires: '0001-01-01T00:00:00Z' }
    const spec = {
      allow: { app_labels_expression: '', rules: [{ resources: ['user'], verbs: ['read'], where: '' }] },
    }
    expect(problemsOf({ kind: 'role', version: 'v7', metadata, spec })).toEqual([])
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
