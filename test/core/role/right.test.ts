import { describe, expect, test } from 'vitest'
import {
  hidesAccount,
  matchAccount,
  matchAccountAssignment,
} from '../../../src/core/role/account-assignment.js'
import { decideRight, formatRight, listRights } from '../../../src/core/role/right.js'
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
