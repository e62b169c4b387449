import { describe, expect, test } from 'vitest'
import type { Role } from '../../../src/core/role/role.js'
import { decideSamlAccess, type SamlAccessInput } from '../../../src/core/role/saml-access.js'
import { hour, minute } from '../../../src/core/time.js'
import { buildInput, buildRole, identityCenterSelector, preference, type RoleParts } from './build.js'

const rbacText = 'access to saml_idp_service_provider denied. User does not have permissions. '

const v7Allow = buildRole('v7-allow', 'v7')
const v7Deny = buildRole('v7-deny', 'v7', { options: { samlIdpEnabled: false } })
const v8Allow = buildRole('v8-allow', 'v8', { allowLabels: identityCenterSelector })
const v8Deny = buildRole('v8-deny', 'v8', { denyLabels: identityCenterSelector })
const v8Other = buildRole('v8-other', 'v8', { allowLabels: { env: ['prod'] } })
const v8Empty = buildRole('v8-empty', 'v8')

function decide(roles: readonly Role[], more: Partial<SamlAccessInput> = {}) {
  return decideSamlAccess(buildInput(roles, more))
}

describe('the mix of role versions', () => {
  test.each([
    ['v7 deny alone denies', [v7Deny], 'role_disables_idp'],
    ['v7 deny beats v7 allow', [v7Allow, v7Deny], 'role_disables_idp'],
    ['v7 deny beats v8 allow', [v8Allow, v7Deny], 'role_disables_idp'],
    ['v7 allow with v8 deny is denied', [v7Allow, v8Deny], 'denied_by_role'],
    ['v7 allow with a v8 role that does not match is denied', [v7Allow, v8Other], 'no_role_matches'],
    ['v7 allow with a v8 role without app_labels is denied', [v7Allow, v8Empty], 'no_role_matches'],
    ['v7 allow with v8 allow is allowed', [v7Allow, v8Allow], 'allow'],
    ['only v7 allow is full access', [v7Allow], 'allow'],
    ['only a matching v8 role is access', [v8Allow], 'allow'],
    ['only a v8 role that does not match is denied', [v8Other], 'no_role_matches'],
    ['one matching v8 role is enough beside one that does not match', [v8Other, v8Allow, v7Allow], 'allow'],
    ['v8 deny beats v8 allow', [v8Allow, v8Deny], 'denied_by_role'],
    ['no role is no access', [], 'no_roles'],
  ])('%s', (_, roles, expected) => {
    for (const order of [roles, roles.toReversed()]) {
      const decision = decide(order)
      expect(decision.effect === 'deny' ? decision.because : decision.effect).toBe(expected)
    }
  })

  test.each(['v3', 'v4', 'v5', 'v6', 'v7'] as const)('%s looks at no label, in allow or deny', (version) => {
    const role = buildRole('old', version, {
      allowLabels: { env: ['x'] },
      denyLabels: identityCenterSelector,
    })
    expect(decide([role]).effect).toBe('allow')
  })

  test('idp.saml.enabled means nothing in v8', () => {
    const role = buildRole('new', 'v8', {
      allowLabels: identityCenterSelector,
      options: { samlIdpEnabled: false },
    })
    expect(decide([role]).effect).toBe('allow')
  })
})

describe('denials and their exact texts', () => {
  test('the cluster switch denies everyone', () => {
    const decision = decide([v7Allow, v8Allow], { preference: { ...preference, samlIdpEnabled: false } })
    expect(decision).toMatchObject({
      effect: 'deny',
      because: 'cluster_disabled',
      auditMessage: 'SAML IdP is disabled at the cluster level',
    })
    expect(decision.reasons[0]).toMatchObject({ rule: 'cluster', effect: 'deny' })
  })

  test('a v7 role with idp.saml.enabled false is named, always the same of several', () => {
    const other = buildRole('a-deny', 'v6', { options: { samlIdpEnabled: false } })
    for (const roles of [
      [v7Deny, other],
      [other, v7Deny],
    ]) {
      expect(decide(roles)).toMatchObject({
        because: 'role_disables_idp',
        auditMessage: 'user has been denied access to the SAML IdP by role a-deny',
      })
    }
  })

  test('no matching role names the label, what was expected and what was found', () => {
    const decision = decide([v8Other, v7Allow], { missingRoles: ['gone'] })
    expect(decision).toMatchObject({ effect: 'deny', because: 'no_role_matches', auditMessage: rbacText })
    expect(decision.reasons).toEqual([
      {
        rule: 'app_labels',
        effect: 'no_match',
        says: 'None of the v8 roles has app_labels that match "aws-identity-center", which carries the labels teleport.dev/origin: aws-identity-center.',
      },
      {
        rule: 'versions',
        effect: 'no_match',
        says: 'Roles up to v7 would allow it, but do not count beside a v8 role that does not match.',
      },
      {
        role: 'gone',
        rule: 'roles',
        effect: 'no_match',
        says: 'Role "gone" does not exist and grants nothing.',
      },
      {
        role: 'v8-other',
        version: 'v8',
        rule: 'app_labels',
        effect: 'no_match',
        says: 'Role "v8-other" (v8) does not allow it: app_labels wants the label "env" to be "prod", and "aws-identity-center" has no such label.',
      },
      {
        role: 'v7-allow',
        version: 'v7',
        rule: 'options.idp.saml.enabled',
        effect: 'allow',
        says: 'Role "v7-allow" (v7) allows every application: roles up to v7 do not look at labels.',
      },
    ])
  })

  test.each(['v7', 'v8'] as const)(
    'a %s role that denies list or read on the service provider denies',
    (version) => {
      for (const verb of ['list', 'read', '*']) {
        const rule = { resources: ['saml_idp_service_provider'], verbs: [verb] }
        const denying = buildRole('denying', version, {
          allowLabels: identityCenterSelector,
          denyRules: [rule],
        })
        const decision = decide([v8Allow, denying])
        expect(decision).toMatchObject({ because: 'rules_denied', auditMessage: rbacText })
        expect(decision.reasons[0]).toMatchObject({ role: 'denying', rule: 'rules', effect: 'deny' })
      }
    },
  )

  test('a role that denies other verbs or other resources does not stop a sign-in', () => {
    const rules = [
      { resources: ['saml_idp_service_provider'], verbs: ['delete', 'update'] },
      { resources: ['user'], verbs: ['*'] },
    ]
    expect(decide([v8Allow, buildRole('denying', 'v8', { denyRules: rules })]).effect).toBe('allow')
  })

  test('missing roles alone are no roles', () => {
    expect(decide([], { missingRoles: ['gone'] })).toMatchObject({
      because: 'no_roles',
      auditMessage: rbacText,
    })
  })
})

describe('label selectors', () => {
  const labels = { env: 'prod', team: 'sre', constructor: 'x' }
  const serviceProvider = { name: 'sp', entityId: 'urn:sp', labels }
  const user = {
    name: 'alice',
    traits: { team: ['dev', 'sre'], none: [], stars: ['*', '^.*$'], part: ['sr'] },
  }

  test.each([
    [{ env: ['prod'] }, true],
    [{ env: ['test', 'prod'] }, true],
    [{ env: ['prod'], team: ['sre'] }, true],
    [{ env: ['prod'], team: ['dev'] }, false],
    [{ env: ['prod'], site: ['*'] }, false],
    [{ env: ['*'] }, true],
    [{ env: ['^pr.d$'] }, true],
    [{ '*': ['*'] }, true],
    [{}, false],
    [{ env: [] }, false],
    [{ toString: ['*'] }, false],
    [{ constructor: ['x'] }, true],
    [{ team: ['{{external.team}}'] }, true],
    [{ team: ['{{external.part}}*'] }, true],
    [{ team: ['{{external.none}}'] }, false],
    [{ env: ['prod'], team: ['{{external.none}}'] }, false],
    [{ team: ['{{external.none}}', 'sre'] }, true],
    // What a trait brings is text, never a pattern.
    [{ team: ['{{external.stars}}'] }, false],
    [{ team: ['s{{external.stars}}'] }, false],
  ])('%j answers %s', (allowLabels, expected) => {
    const decision = decide([buildRole('r', 'v8', { allowLabels })], { serviceProvider, user })
    expect(decision.effect).toBe(expected ? 'allow' : 'deny')
    const denied = decide([v8Any(), buildRole('r', 'v8', { denyLabels: allowLabels })], {
      serviceProvider,
      user,
    })
    expect(denied.effect).toBe(expected ? 'deny' : 'allow')
  })

  test('a wildcard matches a service provider without labels', () => {
    expect(decide([v8Any()], { serviceProvider: { ...serviceProvider, labels: {} } }).effect).toBe('allow')
  })

  test('an empty trait is told in the reason', () => {
    const role = buildRole('r', 'v8', { allowLabels: { team: ['{{external.none}}'] } })
    expect(decide([role], { serviceProvider, user }).reasons[1]?.says).toBe(
      'Role "r" (v8) does not allow it: app_labels wants the label "team" to be "{{external.none}}" (a trait without a value), and "sp" has "sre".',
    )
  })

  test('a template inside a regular expression is refused, not guessed', () => {
    const role = buildRole('r', 'v8', { allowLabels: { team: ['^{{external.team}}$'] } })
    expect(() => decide([role], { serviceProvider, user })).toThrow(
      expect.objectContaining({ code: 'INVALID_TEMPLATE' }),
    )
    expect(() => decide([role], { serviceProvider, user })).toThrow('role r: spec.allow.app_labels.team')
  })

  function v8Any(): Role {
    return buildRole('any', 'v8', { allowLabels: { '*': ['*'] } })
  }
})

describe('app_labels_expression', () => {
  const serviceProvider = { name: 'sp', entityId: 'urn:sp', labels: { env: 'prod', team: 'sre' } }
  const user = { name: 'alice', traits: { teams: ['sre'] } }
  const prod = 'labels["env"] == "prod"'
  const testing = 'labels["env"] == "test"'
  const any = buildRole('any', 'v8', { allowLabels: { '*': ['*'] } })
  const judge = (parts: RoleParts, more: readonly Role[] = []) =>
    decide([buildRole('r', 'v8', parts), ...more], { serviceProvider, user })

  test.each<[string, RoleParts, boolean]>([
    ['alone it counts alone', { allowExpression: prod }, true],
    ['alone it does not allow where it does not hold', { allowExpression: testing }, false],
    ['beside labels both have to match', { allowExpression: prod, allowLabels: { team: ['sre'] } }, true],
    [
      'labels that do not match are not helped by it',
      { allowExpression: prod, allowLabels: { team: ['x'] } },
      false,
    ],
    ['labels that match do not help it', { allowExpression: testing, allowLabels: { team: ['sre'] } }, false],
    ['a label without values stays without', { allowExpression: prod, allowLabels: { team: [] } }, false],
    ['without both nothing is allowed', {}, false],
    [
      'it may ask for the person',
      { allowExpression: 'contains(user.spec.traits["teams"], labels["team"])' },
      true,
    ],
    ['it may ask for roles', { allowExpression: 'contains(user.spec.roles, "r")' }, true],
    ['one that cannot be read does not allow', { allowExpression: 'labels.' }, false],
  ])('in allow: %s', (_, parts, allowed) => {
    expect(judge(parts).effect).toBe(allowed ? 'allow' : 'deny')
  })

  test.each<[string, RoleParts, boolean]>([
    ['it denies where it holds', { denyExpression: prod }, true],
    ['it does not deny elsewhere', { denyExpression: testing }, false],
    ['it denies though the labels do not match', { denyExpression: prod, denyLabels: { env: ['x'] } }, true],
    ['labels deny though it does not hold', { denyExpression: testing, denyLabels: { env: ['prod'] } }, true],
    ['one that cannot be read denies', { denyExpression: 'labels.' }, true],
  ])('in deny: %s', (_, parts, denied) => {
    const decision = judge(parts, [any])
    expect(decision.effect).toBe(denied ? 'deny' : 'allow')
    if (denied) expect(decision).toMatchObject({ because: 'denied_by_role', auditMessage: rbacText })
  })

  test('one that has no answer for this person denies in deny and does not allow in allow', () => {
    const many = { name: 'alice', traits: { teams: Array.from({ length: 1001 }, (_, i) => `t${i}`) } }
    const text = 'contains(user.spec.traits["teams"], "t1")'
    const give = (parts: RoleParts) =>
      decide([buildRole('r', 'v8', parts), any], { serviceProvider, user: many })
    expect(give({ denyExpression: text })).toMatchObject({ effect: 'deny', because: 'denied_by_role' })
    const alone = decide([buildRole('r', 'v8', { allowExpression: text })], { serviceProvider, user: many })
    expect(alone).toMatchObject({ effect: 'deny', because: 'no_role_matches' })
    expect(alone.reasons.at(-1)?.says).toContain('it cannot be evaluated: a result has 1001 values')
  })

  test('the reason names the comparison', () => {
    expect(judge({ allowExpression: testing }).reasons.at(-1)).toEqual({
      role: 'r',
      version: 'v8',
      rule: 'app_labels_expression',
      effect: 'no_match',
      says: 'Role "r" (v8) does not allow it by app_labels_expression: labels["env"] is "prod", and the expression wants "test".',
    })
    expect(judge({ allowExpression: prod, allowLabels: { team: ['sre'] } }).reasons[0]?.says).toBe(
      'Role "r" (v8) allows it: app_labels matches "sp" by team: "sre", and app_labels_expression holds: labels["env"] is "prod", as the expression wants.',
    )
    expect(judge({ denyExpression: prod }).reasons.find(({ effect }) => effect === 'deny')?.says).toBe(
      'Role "r" (v8) denies it by deny.app_labels_expression: labels["env"] is "prod", as the expression wants.',
    )
  })

  test('roles up to v7 do not look at it', () => {
    const role = buildRole('old', 'v7', { allowExpression: testing, denyExpression: prod })
    expect(decide([role], { serviceProvider, user }).effect).toBe('allow')
  })
})

describe('denied rules with "where"', () => {
  const deny = (where: string) =>
    buildRole('d', 'v8', {
      denyRules: [{ resources: ['saml_idp_service_provider'], verbs: ['read'], where }],
    })
  const resource = { kind: 'saml_idp_service_provider', metadata: { name: 'aws' }, spec: { preset: 'x' } }

  test.each([
    ['resource.spec.preset == "x"', resource, 'deny'],
    ['resource.spec.preset == "y"', resource, 'allow'],
    ['user.metadata.name == "alice@example.com"', resource, 'deny'],
    ['user.metadata.name == "bob"', undefined, 'allow'],
    // Nobody said what the service provider is.
    ['resource.spec.preset == "y"', undefined, 'deny'],
    ['resource.spec == ', resource, 'deny'],
  ])('%s about %j answers %s', (where, document, effect) => {
    expect(decide([v8Allow, deny(where)], { resource: document }).effect).toBe(effect)
  })
})

describe('account assignment roles', () => {
  const pair = buildRole('Admin-on-prod-111111111111', 'v7', { origin: 'account_assignment' })

  test('open no application by themselves, and the reason says so', () => {
    expect(decide([pair])).toMatchObject({
      effect: 'deny',
      because: 'no_role_matches',
      auditMessage: rbacText,
      reasons: [
        {
          rule: 'roles',
          effect: 'no_match',
          says: 'Account assignment roles say what may be done in AWS accounts and open no application, and no other role is held.',
        },
      ],
    })
  })

  test('neither help nor hinder the others, whatever stands in them', () => {
    const strange = buildRole('strange', 'v7', {
      origin: 'account_assignment',
      denyRules: [{ resources: ['*'], verbs: ['*'] }],
      options: { samlIdpEnabled: false, maxSessionTtlMs: 1, requireSessionMfa: 'hardware_key' },
    })
    for (const roles of [[v8Allow], [v7Allow], [v8Other], [v7Allow, v8Other], [v8Deny, v8Allow], [v7Deny]]) {
      expect(decide([...roles, pair, strange])).toEqual(decide(roles))
    }
  })
})

describe('session MFA', () => {
  const withMfa = { requireSessionMfa: 'session' } as const
  const done = { session: { mfa: 'totp', device: 'none' } } as const

  test.each([
    [
      'a matching v8 role',
      [buildRole('r', 'v8', { allowLabels: identityCenterSelector, options: withMfa })],
      {},
    ],
    ['a v7 role beside a matching v8 role', [v8Allow, buildRole('r', 'v7', { options: withMfa })], {}],
    ['the cluster', [v8Allow], { preference: { ...preference, ...withMfa } }],
    ['one of two matching roles', [v8Allow, v7Allow, buildRole('r', 'v7', { options: withMfa })], {}],
  ])('%s asks for it, and a given factor satisfies it', (_, roles, more) => {
    const asked = decide(roles, more)
    expect(asked).toMatchObject({ effect: 'step_up', auditMessage: 'access to resource requires MFA' })
    expect(asked.reasons[0]).toMatchObject({ rule: 'require_session_mfa', effect: 'requires' })
    expect(decide(roles, { ...more, ...done }).effect).toBe('allow')
  })

  test('a role that does not match does not ask for it', () => {
    const other = buildRole('r', 'v8', { allowLabels: { env: ['prod'] }, options: withMfa })
    expect(decide([v8Allow, other]).effect).toBe('allow')
  })

  test('a denial comes before any step-up', () => {
    expect(decide([v8Deny, buildRole('r', 'v7', { options: withMfa })]).effect).toBe('deny')
  })

  test.each([
    'hardware_key',
    'hardware_key_touch',
    'hardware_key_pin',
    'hardware_key_touch_and_pin',
  ] as const)('%s is refused with its reason to whoever has no key that counts', (requireSessionMfa) => {
    const role = buildRole('r', 'v8', { allowLabels: identityCenterSelector, options: { requireSessionMfa } })
    const decision = decide([role], done)
    expect(decision).toMatchObject({
      because: 'mfa_unavailable',
      auditMessage: 'access to resource requires MFA',
    })
    expect(decision.reasons[0]?.says).toBe(
      `Role "r" (v8) requires session MFA by ${requireSessionMfa}, and the person has no key that counts: nothing else replaces it.`,
    )
    const keyed = { device: 'none', hardwareKey: true } as const
    const need = requireSessionMfa.includes('pin') ? 'hardware_key_pin' : 'hardware_key'
    for (const mfa of ['none', 'totp', 'passkey'] as const) {
      expect(decide([role], { session: { ...keyed, mfa } })).toMatchObject({ effect: 'step_up', need })
    }
    const touched = decide([role], { session: { ...keyed, mfa: 'hardware_key' } }).effect
    expect(touched).toBe(need === 'hardware_key' ? 'allow' : 'step_up')
    expect(decide([role], { session: { ...keyed, mfa: 'hardware_key_pin' } }).effect).toBe('allow')
  })
})

describe('device trust', () => {
  const withMode = (deviceTrustMode: Role['options']['deviceTrustMode'], version: 'v7' | 'v8' = 'v8') =>
    buildRole('r', version, { allowLabels: identityCenterSelector, options: { deviceTrustMode } })

  test.each(['required', 'required-for-humans'] as const)('%s refuses without a trusted device', (mode) => {
    const decision = decide([withMode(mode)])
    expect(decision).toMatchObject({
      because: 'device_untrusted',
      auditMessage: 'access to resource requires a trusted device',
    })
    expect(decision.reasons[0]).toMatchObject({ role: 'r', rule: 'device_trust_mode', effect: 'requires' })
    expect(decide([withMode(mode)], { session: { mfa: 'none', device: 'trusted' } }).effect).toBe('allow')
  })

  test.each(['off', 'optional'] as const)('%s does not refuse', (mode) => {
    expect(decide([withMode(mode)]).effect).toBe('allow')
  })

  test('it counts from v8 on, and only for roles that match', () => {
    expect(decide([withMode('required', 'v7')]).effect).toBe('allow')
    const other = buildRole('o', 'v8', {
      allowLabels: { env: ['x'] },
      options: { deviceTrustMode: 'required' },
    })
    expect(decide([v8Allow, other]).effect).toBe('allow')
  })

  test('the cluster can require it of everyone', () => {
    const strict = { preference: { ...preference, deviceTrustMode: 'required' } } as const
    expect(decide([v8Allow], strict)).toMatchObject({ because: 'device_untrusted' })
    expect(decide([v7Allow], strict)).toMatchObject({ because: 'device_untrusted' })
  })

  test('nobody is asked for a factor and then refused for the device', () => {
    const both = buildRole('r', 'v8', {
      allowLabels: identityCenterSelector,
      options: { deviceTrustMode: 'required', requireSessionMfa: 'session' },
    })
    expect(decide([both])).toMatchObject({ effect: 'deny', because: 'device_untrusted' })
  })
})

describe('session limits', () => {
  test('the shortest of all roles and the cluster wins', () => {
    const short = buildRole('s', 'v7', {
      options: { maxSessionTtlMs: 2 * hour, clientIdleTimeoutMs: 20 * minute },
    })
    const long = buildRole('l', 'v8', {
      allowLabels: identityCenterSelector,
      options: { maxSessionTtlMs: 8 * hour, clientIdleTimeoutMs: 40 * minute },
    })
    expect(decide([long, short])).toMatchObject({
      session: { maxSessionTtlMs: 2 * hour, clientIdleTimeoutMs: 20 * minute },
    })
    expect(decide([v8Allow])).toMatchObject({
      session: { maxSessionTtlMs: 12 * hour, clientIdleTimeoutMs: 3 * hour },
    })
    expect(
      decide([v8Allow], { preference: { ...preference, defaultSessionTtlMs: 90 * hour } }),
    ).toMatchObject({
      session: { maxSessionTtlMs: 30 * hour },
    })
  })
})
