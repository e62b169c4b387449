import { describe, expect, test } from 'vitest'
import {
  hidesAccount,
  matchAccount,
  matchAccountAssignment,
} from '../../../src/core/role/account-assignment.js'
import { decideRight, formatRight, listPossibleRights, listRights } from '../../../src/core/role/right.js'
import { sessionLimits } from '../../../src/core/role/session-limits.js'
import { hour } from '../../../src/core/time.js'
import { buildRole, preference } from './build.js'

const editor = buildRole('editor', 'v8', {
  allowRules: [{ resources: ['user', 'role'], verbs: ['list', 'read'] }],
})
const everything = buildRole('all', 'v7', { allowRules: [{ resources: ['*'], verbs: ['*'] }] })
const noDelete = buildRole('no-delete', 'v8', { denyRules: [{ resources: ['user'], verbs: ['delete'] }] })

describe('administrative rights', () => {
  test.each([
    ['a listed verb is allowed', [editor], 'user', 'read', 'allowed_by_rule'],
    ['a verb that is not listed is not', [editor], 'user', 'delete', 'no_rule_matches'],
    ['a resource that is not listed is not', [editor], 'event', 'list', 'no_rule_matches'],
    ['* is every resource and verb', [everything], 'event', 'list', 'allowed_by_rule'],
    ['a denial wins', [everything, noDelete], 'user', 'delete', 'denied_by_rule'],
    ['a denial of one verb leaves the others', [everything, noDelete], 'user', 'read', 'allowed_by_rule'],
    ['read contains readnosecrets', [editor], 'user', 'readnosecrets', 'allowed_by_rule'],
    ['nothing is allowed without roles', [], 'user', 'list', 'no_rule_matches'],
    ['everyone may see applications', [], 'saml_idp_service_provider', 'list', 'allowed_for_everyone'],
    ['but not change them', [editor], 'saml_idp_service_provider', 'create', 'no_rule_matches'],
  ])('%s', (_, roles, resource, verb, because) => {
    const decision = decideRight(roles, { resource, verb })
    expect(decision.because).toBe(because)
    expect(decision.effect).toBe(because.startsWith('allowed') ? 'allow' : 'deny')
    expect(decision.reasons.length).toBeGreaterThan(0)
    expect(decideRight(roles.toReversed(), { resource, verb })).toEqual(decision)
  })

  test('a denial takes away what everyone may do', () => {
    const deny = buildRole('d', 'v8', {
      denyRules: [{ resources: ['saml_idp_service_provider'], verbs: ['*'] }],
    })
    expect(decideRight([deny], { resource: 'saml_idp_service_provider', verb: 'read' })).toEqual({
      effect: 'deny',
      because: 'denied_by_rule',
      reasons: [
        {
          role: 'd',
          version: 'v8',
          rule: 'rules',
          effect: 'deny',
          says: 'Role "d" (v8) denies read on saml_idp_service_provider.',
        },
      ],
    })
  })

  test('the rights of a navigation are listed in its order', () => {
    const rights = ['event', 'role', 'user'].map((resource) => ({ resource, verb: 'list' }))
    expect(listRights([editor], rights).map(formatRight)).toEqual(['role:list', 'user:list'])
  })
})

describe('rules with "where"', () => {
  const own = 'resource.metadata.labels["team"] == user.spec.traits["team"]'
  const team = buildRole('team', 'v8', {
    allowRules: [{ resources: ['user'], verbs: ['update'], where: own }],
  })
  const noAdmins = buildRole('no-admins', 'v8', {
    denyRules: [{ resources: ['user'], verbs: ['update'], where: 'contains(resource.spec.roles, "editor")' }],
  })
  const broken = (side: 'allowRules' | 'denyRules') =>
    buildRole('broken', 'v8', { [side]: [{ resources: ['user'], verbs: ['update'], where: 'resource.' }] })
  const right = { resource: 'user', verb: 'update' }
  const user = { name: 'alice', roles: ['team'], traits: { team: ['sre'] } }
  const bob = (labels: object, roles: unknown = []) => ({
    kind: 'user',
    version: 'v2',
    metadata: { name: 'bob', labels },
    spec: { roles },
  })

  test.each([
    ['allow where they hold', [team], bob({ team: 'sre' }), 'allow', 'allowed_by_rule'],
    ['do not allow elsewhere', [team], bob({ team: 'dev' }), 'deny', 'no_rule_matches'],
    ['do not allow where what they compare is missing', [team], bob({}), 'deny', 'no_rule_matches'],
    ['deny where they hold', [everything, noAdmins], bob({}, ['editor']), 'deny', 'denied_by_rule'],
    ['do not deny elsewhere', [everything, noAdmins], bob({}, ['dev']), 'allow', 'allowed_by_rule'],
    ['deny where they have no answer', [everything, noAdmins], bob({}, { a: 1 }), 'deny', 'denied_by_rule'],
    ['deny where they cannot be read', [everything, broken('denyRules')], bob({}), 'deny', 'denied_by_rule'],
    ['do not allow where they cannot be read', [broken('allowRules')], bob({}), 'deny', 'no_rule_matches'],
    ['stay open without a resource', [team], undefined, 'conditional', 'depends_on_resource'],
    ['of a denial stay open too', [everything, noAdmins], undefined, 'conditional', 'depends_on_resource'],
    ['of a denial are nothing where nothing allows', [noAdmins], undefined, 'deny', 'no_rule_matches'],
    [
      'do not matter where a denial is certain',
      [team, noDelete, denyAll()],
      undefined,
      'deny',
      'denied_by_rule',
    ],
  ] as const)('%s', (_, roles, resource, effect, because) => {
    const decision = decideRight(roles, right, { user, resource })
    expect(decision).toMatchObject({ effect, because })
    expect(decideRight(roles.toReversed(), right, { user, resource })).toEqual(decision)
  })

  test('that ask for the person only are decided without a resource, and open without a person', () => {
    const where = 'contains(user.spec.traits["team"], "sre")'
    const role = buildRole('r', 'v8', { allowRules: [{ resources: ['user'], verbs: ['update'], where }] })
    expect(decideRight([role], right, { user }).effect).toBe('allow')
    expect(decideRight([role], right, { user: { ...user, traits: {} } }).effect).toBe('deny')
    expect(decideRight([role], right).effect).toBe('conditional')
  })

  test('that ask for a person who is not given have no answer once there is a resource', () => {
    expect(decideRight([team], right, { resource: bob({ team: 'sre' }) })).toMatchObject({ effect: 'deny' })
    const where = 'user.metadata.name == "mallory"'
    const denier = buildRole('d', 'v8', { denyRules: [{ resources: ['user'], verbs: ['update'], where }] })
    expect(decideRight([everything, denier], right, { resource: bob({}) })).toMatchObject({
      because: 'denied_by_rule',
    })
  })

  test('say which comparison decided', () => {
    const says = (roles: Parameters<typeof decideRight>[0], resource?: unknown) =>
      decideRight(roles, right, { user, resource }).reasons.map((reason) => reason.says)
    expect(says([team], bob({ team: 'dev' }))).toEqual([
      'No role has a rule that allows update on user here.',
      'Role "team" (v8) does not allow update on user here: resource.metadata.labels["team"] is "dev" and user.spec.traits["team"] is "sre", and the expression wants resource.metadata.labels["team"] == user.spec.traits["team"].',
    ])
    expect(says([team])).toEqual([`Role "team" (v8) allows update on user only where ${own}.`])
    expect(says([everything, noAdmins], bob({}, ['editor']))[0]).toBe(
      'Role "no-admins" (v8) denies update on user here: resource.spec.roles is "editor", as the expression wants.',
    )
    expect(says([everything, noAdmins], bob({}, {}))[0]).toBe(
      'Role "no-admins" (v8) denies update on user, for its "where" cannot be evaluated: "resource.spec.roles" is neither a text nor a list of texts.',
    )
  })

  test('are possible rights of a navigation, and not certain ones', () => {
    const rights = [right, { resource: 'user', verb: 'delete' }]
    expect(listRights([team], rights, { user })).toEqual([])
    expect(listPossibleRights([team], rights, { user })).toEqual([right])
  })

  test('several rules of a role count, not the first only', () => {
    const rules = [
      { resources: ['user'], verbs: ['update'], where: 'resource.metadata.name == "carol"' },
      { resources: ['*'], verbs: ['update'], where: 'resource.metadata.name == "bob"' },
    ]
    expect(
      decideRight([buildRole('r', 'v8', { allowRules: rules })], right, { resource: bob({}) }).effect,
    ).toBe('allow')
  })

  function denyAll() {
    return buildRole('deny-all', 'v8', { denyRules: [{ resources: ['*'], verbs: ['*'] }] })
  }
})

describe('account assignments', () => {
  const set = 'arn:aws:sso:::permissionSet/ssoins-1234/ps-5678'
  const conditions = {
    accountAssignments: [
      { account: '111111111111', permissionSet: set },
      { account: '^2+$', permissionSet: 'arn:aws:sso:::permissionSet/*' },
      { account: '333333333333', permissionSet: '*' },
    ],
  }

  test.each([
    ['111111111111', set, true],
    ['111111111111', `${set}9`, false],
    ['222222222222', set, true],
    ['222222222222', 'arn:aws-cn:sso:::permissionSet/x/y', false],
    ['333333333333', 'anything', true],
    ['444444444444', set, false],
  ])('%s with %s answers %s', (account, permissionSetArn, expected) => {
    expect(matchAccountAssignment(conditions, { account, permissionSetArn })).toBe(expected)
  })

  test('account and permission set have to match in the same entry', () => {
    const pair = { account: '333333333333', permissionSetArn: set }
    const entries = [
      { account: '333333333333', permissionSet: 'other' },
      { account: '1*', permissionSet: set },
    ]
    expect(matchAccountAssignment({ accountAssignments: entries }, pair)).toBe(false)
  })

  test('an account is shown for any of its sets, and hidden only where all are denied', () => {
    expect(matchAccount(conditions, '111111111111')).toBe(true)
    expect(matchAccount(conditions, '444444444444')).toBe(false)
    expect(hidesAccount(conditions, '111111111111')).toBe(false)
    expect(hidesAccount(conditions, '333333333333')).toBe(true)
  })
})

test('without roles a session lasts as long as the cluster says, at most 30 hours', () => {
  expect(sessionLimits([], preference).maxSessionTtlMs).toBe(12 * hour)
  expect(sessionLimits([], { defaultSessionTtlMs: 99 * hour }).maxSessionTtlMs).toBe(30 * hour)
})
