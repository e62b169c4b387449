import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conditionKeys } from '../../../src/emulator/access/condition-keys.js'
import { parsePolicy } from '../../../src/emulator/access/parse-policy.js'
import { judge } from '../../../src/emulator/access/policy.js'
import { PolicyError } from '../../../src/emulator/access/policy-error.js'
import { allow, policy } from './policies.js'

const ask = (texts: readonly string[], action: string, resource = '*', keys = conditionKeys({})) =>
  judge(
    texts.map((text) => parsePolicy(text, 'identity')),
    { action, resource, keys },
  )

const role = 'arn:aws:iam::111111111111:role/ops'

describe('judging', () => {
  test.each([
    ['nothing is allowed by default', [], 'denied'],
    ['an action by its name', [allow('iam:GetRole')], 'allowed'],
    ['an action in other case', [allow('IAM:getrole')], 'allowed'],
    ['an action by wildcards', [allow('iam:Get*')], 'allowed'],
    ['another action', [allow('iam:GetUser')], 'denied'],
    ['one of several policies', [allow('sso:*'), allow('iam:*')], 'allowed'],
    ['NotAction that lists it', [policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })], 'denied'],
    [
      'NotAction that does not',
      [policy({ Effect: 'Allow', NotAction: ['sso:*'], Resource: '*' })],
      'allowed',
    ],
    ['a resource by wildcards', [allow('iam:*', { Resource: 'arn:aws:iam::*:role/*' })], 'allowed'],
    ['a resource in other case', [allow('iam:*', { Resource: 'arn:aws:iam::*:Role/*' })], 'denied'],
    [
      'NotResource that lists it',
      [policy({ Effect: 'Allow', Action: '*', NotResource: [role, 'arn:aws:iam::*:user/*'] })],
      'denied',
    ],
    [
      'an explicit denial among permissions',
      [allow('*'), allow('iam:Get*', { Effect: 'Deny' })],
      'denied-explicitly',
    ],
    ['a denial of something else', [allow('*'), allow('iam:Put*', { Effect: 'Deny' })], 'allowed'],
    [
      'a condition that holds',
      [allow('*', { Condition: { StringLike: { 'AWS:PrincipalArn': 'arn:aws:iam::*:user/a*' } } })],
      'allowed',
    ],
    [
      'two conditions of which one does not hold',
      [
        allow('*', {
          Condition: { StringLike: { 'aws:PrincipalArn': '*' }, Bool: { 'aws:SecureTransport': false } },
        }),
      ],
      'denied',
    ],
    [
      'a denial whose condition does not hold',
      [allow('*'), allow('*', { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      'allowed',
    ],
  ])('%s', (_name, texts, verdict) => {
    const keys = conditionKeys({
      'aws:PrincipalArn': 'arn:aws:iam::1:user/ada',
      'aws:SecureTransport': 'true',
    })
    expect(ask(texts, 'iam:GetRole', role, keys)).toBe(verdict)
  })

  test('a resource pattern does not stand for an action without resources', () => {
    expect(ask([allow('iam:*', { Resource: 'arn:aws:iam::*:role/*' })], 'iam:ListRoles')).toBe('denied')
    expect(ask([allow('iam:*')], 'iam:ListRoles')).toBe('allowed')
  })

  test('one statement need not be in a list, and the older version takes ${ as text', () => {
    const text = (Version: string) =>
      JSON.stringify({
        Version,
        Statement: { Effect: 'Allow', Action: '*', Resource: 'arn:aws:iam::1:user/${x}' },
      })
    expect(ask([text('2008-10-17')], 'iam:GetUser', 'arn:aws:iam::1:user/${x}')).toBe('allowed')
    expect(() => ask([text('2012-10-17')], 'iam:GetUser')).toThrow(
      new PolicyError('Policy variables are not emulated: "arn:aws:iam::1:user/${x}".'),
    )
  })

  test('adding a denial never allows more', () => {
    const actions = fc.constantFrom('iam:GetRole', 'iam:*', 'sso:List*', '*', 'iam:Put*')
    const effects = fc.constantFrom('Allow', 'Deny')
    const statement = fc.record({ Effect: effects, Action: actions, Resource: fc.constant('*') })
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 4 }), actions, (statements, denied) => {
        const before = ask([policy(...statements)], 'iam:GetRole')
        const after = ask([policy(...statements), allow(denied, { Effect: 'Deny' })], 'iam:GetRole')
        if (before !== 'allowed') expect(after).not.toBe('allowed')
        if (after === 'allowed') expect(before).toBe('allowed')
      }),
    )
  })
})

describe('documents are read strictly', () => {
  const statement = { Effect: 'Allow', Action: 'iam:GetRole', Resource: '*' }
  const { Effect: _effect, ...withoutEffect } = statement
  test.each<[string, string, string]>([
    ['not JSON', '{', 'This policy contains invalid Json'],
    ['a list', '[]', 'Syntax errors in policy: the document is not an object.'],
    ['null', 'null', 'Syntax errors in policy: the document is not an object.'],
    ['without statements', '{"Version":"2012-10-17"}', 'Syntax errors in policy: Statement is missing.'],
    ['with no statement', policy(), 'Syntax errors in policy: Statement is missing.'],
    ['of an unknown version', '{"Version":"2020-01-01","Statement":[]}', 'Syntax errors in policy.'],
    [
      'with an unknown element',
      '{"Statements":[]}',
      'Syntax errors in policy: the element Statements is unknown.',
    ],
    [
      'with __proto__',
      '{"__proto__":{"Statement":[]}}',
      'Syntax errors in policy: the element __proto__ is unknown.',
    ],
    [
      'with text for a statement',
      '{"Statement":"x"}',
      'Syntax errors in policy: Statement is not an object.',
    ],
    ['without effect', policy(withoutEffect), 'Syntax errors in policy: Effect is neither Allow nor Deny.'],
    [
      'with a lower-case effect',
      policy({ ...statement, Effect: 'allow' }),
      'Syntax errors in policy: Effect is neither Allow nor Deny.',
    ],
    ['without actions', policy({ Effect: 'Allow', Resource: '*' }), 'Policy statement must contain actions.'],
    [
      'with an empty list of actions',
      policy({ ...statement, Action: [] }),
      'Policy statement must contain actions.',
    ],
    [
      'with a number for an action',
      policy({ ...statement, Action: [1] }),
      'Syntax errors in policy: Action is not text.',
    ],
    [
      'with an action and a NotAction',
      policy({ ...statement, NotAction: 'x:y' }),
      'Syntax errors in policy: Action and NotAction exclude each other.',
    ],
    [
      'with an action without vendor',
      policy({ ...statement, Action: 'GetRole' }),
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    [
      'with an action that has a space',
      policy({ ...statement, Action: 'iam:Get Role' }),
      'Action "iam:Get Role" is not of the form vendor:Name.',
    ],
    [
      'without resources',
      policy({ Effect: 'Allow', Action: '*' }),
      'Policy statement must contain resources.',
    ],
    [
      'with a resource that is no ARN',
      policy({ ...statement, Resource: 'role/x' }),
      'Resource role/x must be in ARN format or "*".',
    ],
    ['with a principal', policy({ ...statement, Principal: '*' }), 'Has prohibited field Principal'],
    [
      'with a Sid twice',
      policy({ ...statement, Sid: 'A' }, { ...statement, Sid: 'A' }),
      'Statement IDs (SID) in a single policy must be unique.',
    ],
    [
      'with a Sid that has a space',
      policy({ ...statement, Sid: 'A b' }),
      'Statement IDs (SID) must be alpha-numeric: "A b".',
    ],
    [
      'with a Sid that is no text',
      policy({ ...statement, Sid: 1 }),
      'Syntax errors in policy: Sid is not text.',
    ],
    [
      'with a list for a condition',
      policy({ ...statement, Condition: [] }),
      'Syntax errors in policy: Condition is not an object.',
    ],
    [
      'with text for an operator',
      policy({ ...statement, Condition: { Bool: 'x' } }),
      'Syntax errors in policy: Bool is not an object.',
    ],
    [
      'with an unknown operator',
      policy({ ...statement, Condition: { IpAddress: { 'aws:userid': 'x' } } }),
      'The condition operator IpAddress does not exist, or is not emulated.',
    ],
    [
      'with a key without vendor',
      policy({ ...statement, Condition: { Bool: { mfa: 'true' } } }),
      'The condition key "mfa" is not of the form vendor:Name.',
    ],
    [
      'with a key that is not emulated',
      policy({ ...statement, Condition: { StringEquals: { 'aws:ResourceTag/team': 'x' } } }),
      'The condition key "aws:ResourceTag/team" is not emulated.',
    ],
    [
      'with no value',
      policy({ ...statement, Condition: { StringEquals: { 'aws:userid': [] } } }),
      'Syntax errors in policy: aws:userid has no value.',
    ],
    [
      'with an object for a value',
      policy({ ...statement, Condition: { StringEquals: { 'aws:userid': {} } } }),
      'Syntax errors in policy: a value of aws:userid is not text.',
    ],
    [
      'with a variable in a condition',
      policy({ ...statement, Condition: { StringEquals: { 'aws:userid': '${aws:userid}' } } }),
      'Policy variables are not emulated: "${aws:userid}".',
    ],
  ])('%s', (_name, text, message) => {
    expect(() => parsePolicy(text, 'identity')).toThrow(new PolicyError(message))
  })

  test('any JSON is read or refused, and never fails otherwise', () => {
    const anything = fc.oneof(
      fc.json(),
      fc.json().map((json) => `{"Statement":${json}}`),
    )
    fc.assert(
      fc.property(anything, fc.constantFrom('identity', 'trust'), (text, kind) => {
        try {
          parsePolicy(text, kind)
        } catch (error) {
          expect(error).toBeInstanceOf(PolicyError)
        }
      }),
    )
  })
})
