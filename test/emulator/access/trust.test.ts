import { describe, expect, test } from 'vitest'
import { conditionKeys } from '../../../src/emulator/access/condition-keys.js'
import { parsePolicy } from '../../../src/emulator/access/parse-policy.js'
import { PolicyError } from '../../../src/emulator/access/policy-error.js'
import { judgeTrust } from '../../../src/emulator/access/trust.js'
import { policy } from './policies.js'

const provider = 'arn:aws:iam::111111111111:oidc-provider/gateway.example'
const web = { Effect: 'Allow', Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithWebIdentity' }
const audience = { StringEquals: { 'gateway.example:aud': 'discover.teleport' } }
const subject = { StringLike: { 'gateway.example:sub': 'integration:*' } }
const right = { 'gateway.example:aud': 'discover.teleport', 'gateway.example:sub': 'integration:aws' }

describe('a web identity', () => {
  const judge = (keys: Record<string, string>, ...statements: Record<string, unknown>[]) =>
    judgeTrust(
      policy(...statements),
      { federated: provider },
      'sts:AssumeRoleWithWebIdentity',
      conditionKeys(keys),
    )
  const allowed = { effect: 'allow', trusts: 'principal' }
  const denied = { effect: 'refuse', because: 'denied' }

  test('of the named provider is trusted, with its conditions', () => {
    expect(judge({}, web)).toEqual(allowed)
    expect(judge(right, { ...web, Condition: { ...audience, ...subject } })).toEqual(allowed)
  })

  test.each([
    ['another audience', { ...right, 'gateway.example:aud': 'sts.amazonaws.com' }],
    ['another subject', { ...right, 'gateway.example:sub': 'user:x' }],
    ['no subject', { 'gateway.example:aud': 'discover.teleport' }],
    [
      'claims of another issuer',
      { 'other.example:aud': 'discover.teleport', 'other.example:sub': 'integration:aws' },
    ],
  ])('with %s is refused', (_name, keys) => {
    expect(judge(keys, { ...web, Condition: { ...audience, ...subject } })).toEqual(denied)
  })

  test.each([
    ['another provider', { Principal: { Federated: `${provider}.evil` } }],
    ['an account', { Principal: { AWS: '111111111111' } }],
    ['everybody at AWS', { Principal: '*' }],
    ['another action', { Action: 'sts:AssumeRole' }],
  ])('is refused where the policy names %s', (_name, change) => {
    expect(judge({}, { ...web, ...change })).toEqual(denied)
  })

  test('is refused by an explicit denial, in any order', () => {
    const deny = { ...web, Effect: 'Deny', Condition: subject }
    const refused = { effect: 'refuse', because: 'denied-explicitly' }
    expect(judge(right, web, deny)).toEqual(refused)
    expect(judge(right, deny, web)).toEqual(refused)
    expect(judge({}, deny, web)).toEqual(allowed)
  })
})

describe('a caller with credentials', () => {
  const caller = {
    accountId: '111111111111',
    arn: 'arn:aws:sts::111111111111:assumed-role/ops/session',
    roleArn: 'arn:aws:iam::111111111111:role/path/ops',
  }
  const judge = (principal: unknown) =>
    judgeTrust(
      policy({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }),
      { aws: caller },
      'sts:AssumeRole',
      conditionKeys({}),
    )

  test.each([
    [{ AWS: caller.roleArn }, 'principal'],
    [{ AWS: [caller.arn, '222222222222'] }, 'principal'],
    [{ AWS: '111111111111' }, 'account'],
    [{ AWS: 'arn:aws:iam::111111111111:root' }, 'account'],
    ['*', 'account'],
    [{ AWS: ['*', caller.roleArn] }, 'principal'],
  ])('%j trusts it by its %s', (principal, trusts) => {
    expect(judge(principal)).toEqual({ effect: 'allow', trusts })
  })

  test.each([
    { AWS: '222222222222' },
    { AWS: 'arn:aws:iam::111111111111:role/ops' },
    { Service: 'ec2.amazonaws.com' },
    { Federated: '*' },
  ])('%j does not', (principal) => {
    expect(judge(principal)).toEqual({ effect: 'refuse', because: 'denied' })
  })
})

describe('trust policies are read strictly', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['with a resource', { Resource: '*' }, 'Has prohibited field Resource'],
    ['without principal', { Principal: undefined }, 'Missing required field Principal'],
    ['with an empty principal', { Principal: {} }, 'Missing required field Principal'],
    ['with NotPrincipal', { NotPrincipal: '*' }, 'NotPrincipal is not emulated.'],
    [
      'with principals of another kind',
      { Principal: { CanonicalUser: 'x' } },
      'Principals of the kind "CanonicalUser" are not emulated.',
    ],
    [
      'with a wildcard in an ARN',
      { Principal: { AWS: 'arn:aws:iam::111111111111:role/*' } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:role/*"',
    ],
    ['with a short account id', { Principal: { AWS: '1111' } }, 'Invalid principal in policy: "AWS":"1111"'],
    [
      'with a provider of another kind',
      { Principal: { Federated: 'arn:aws:iam::111111111111:user/x' } },
      'Invalid principal in policy: "Federated":"arn:aws:iam::111111111111:user/x"',
    ],
    [
      'with a key that is not emulated',
      { Condition: { StringEquals: { 'aws:SourceIp': '1' } } },
      'The condition key "aws:SourceIp" is not emulated.',
    ],
  ])('%s', (_name, change, message) => {
    expect(() => parsePolicy(policy({ ...web, ...change }), 'trust')).toThrow(new PolicyError(message))
  })
})
