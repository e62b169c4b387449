import { describe, expect, test } from 'vitest'
import { parseRoleDocument } from '../../../src/kinds/role/form.js'
import { problemsOf, roleOf } from './documents.js'

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
      'with an expression that cannot be read',
      roleOf({ allow: { app_labels_expression: 'labels.env = "prod"' } }),
      'spec.allow.app_labels_expression: at character 12: ',
    ],
    [
      'with an expression about what its place does not know',
      roleOf({ allow: { app_labels_expression: 'resource.kind == "user"' } }),
      'spec.allow.app_labels_expression: at character 1: "resource.kind" is unknown',
    ],
    [
      'with a condition on a rule that is none',
      roleOf({ deny: { rules: [{ resources: ['user'], verbs: ['read'], where: 'x' }] } }),
      'spec.deny.rules.0.where: at character 1: "x" is no condition; write a comparison',
    ],
    [
      'with a mistyped field, and the one that was meant',
      roleOf({ allow: { rules: [{ resource: ['user'], verbs: ['read'] }] } }),
      'spec.allow.rules.0.resource: this field is not known (did you mean resources?); check',
    ],
    [
      'with a mistyped verb, and the one that was meant',
      roleOf({ deny: { rules: [{ resources: ['user'], verbs: ['updat'] }] } }),
      'spec.deny.rules.0.verbs: "updat" is not a verb (did you mean update?); the verbs are *, list, create',
    ],
    [
      'with an unknown word for an option',
      roleOf({ options: { lock: 'besteffort' } }),
      'spec.options.lock: must be one of strict, best_effort, not "besteffort" (did you mean best_effort?)',
    ],
    [
      'with an unknown word for the reason of requests',
      roleOf({ allow: { request: { reason: { mode: 'always' } } } }),
      'spec.allow.request.reason.mode: must be one of optional, required, not "always"',
    ],
    [
      'with a broken pattern of roles that may be asked for',
      roleOf({ allow: { request: { roles: ['ok-*', '^(x$'] } } }),
      'spec.allow.request.roles.1: the pattern "^(x$" is not usable',
    ],
    [
      'with a template among them',
      roleOf({ allow: { request: { roles: ['{{external.team}}'] } } }),
      'spec.allow.request.roles.0: templates are not supported here; use claims_to_roles',
    ],
    [
      'with a pattern where a role is looked up',
      roleOf({ allow: { request: { search_as_roles: ['access', 'dev-*'] } } }),
      'spec.allow.request.search_as_roles.1: "dev-*" is a pattern; here each role is named by itself',
    ],
    [
      'with a claim without roles',
      roleOf({
        allow: { review_requests: { claims_to_roles: [{ claim: 'groups', value: 'x', roles: [] }] } },
      }),
      'spec.allow.review_requests.claims_to_roles.0.roles: must name at least one role',
    ],
    [
      'with a threshold of no review',
      roleOf({ allow: { request: { thresholds: [{ approve: 0 }] } } }),
      'spec.allow.request.thresholds.0.approve: must be a whole number from 1 to 1000',
    ],
    [
      'with a filter about what reviews do not know',
      roleOf({ allow: { request: { thresholds: [{ filter: 'labels.env == "x"' }] } } }),
      'spec.allow.request.thresholds.0.filter: at character 1: "labels.env" is unknown',
    ],
    [
      'with thresholds in deny',
      roleOf({ deny: { request: { thresholds: [{ approve: 1 }] } } }),
      'spec.deny.request.thresholds: belongs to allow',
    ],
    [
      'with an unknown field in a request',
      roleOf({ allow: { request: { thresholdz: [] } } }),
      'spec.allow.request.thresholdz: this field is not known (did you mean thresholds?)',
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
      'spec.allow.account_assignments.0.permission_set: is missing',
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
      'with sessions that end before anybody has done anything',
      roleOf({ options: { max_session_ttl: '1ms' } }),
      'spec.options.max_session_ttl: "1ms" is too short; it must be 5m at least',
    ],
    [
      'with a time to idle that is no time',
      roleOf({ options: { client_idle_timeout: '59s' } }),
      'spec.options.client_idle_timeout: "59s" is too short; it must be 1m at least',
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
    ['that is a list', [], ': must be a map, and is a list'],
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
