import { describe, expect, test } from 'vitest'
import { findDenial, isDeniedDespiteTrust } from '../../../src/emulator/access/authorise.js'
import { findManagedPolicy, managedPolicyArns } from '../../../src/emulator/access/managed-policies.js'
import { parsePolicy } from '../../../src/emulator/access/parse-policy.js'
import { EmulatorContext } from '../../../src/emulator/context.js'
import type { Credential, IamRole } from '../../../src/emulator/state/iam.js'
import { emptyOrganisation } from '../../../src/emulator/state/organisation.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { systemRandom } from '../../../src/lib/random.js'
import { allow } from './policies.js'

const account = '111111111111'
const clock = new ManualClock(Date.parse('2026-11-22T12:00:00Z'))

const user: Credential = {
  accessKeyId: 'AKIAUSER',
  secretAccessKey: 'secret',
  accountId: account,
  arn: `arn:aws:iam::${account}:user/path/ada`,
  userId: 'AIDAADA',
}
const session: Credential = {
  ...user,
  sessionToken: 'token',
  arn: `arn:aws:sts::${account}:assumed-role/Ops/ada`,
  userId: 'AROAOPS:ada',
  roleKey: `${account}/ops`,
}
const role: IamRole = {
  accountId: account,
  name: 'Ops',
  path: '/team/',
  id: 'AROAOPS',
  maxSessionSeconds: 3600,
  trustPolicy: '{}',
  inlinePolicies: {},
  attachedPolicies: [],
  tags: { Team: 'blue' },
  createdAt: 0,
}

function callBy(caller: Credential, roles: readonly IamRole[] = []) {
  const context = new EmulatorContext(emptyOrganisation, {
    clock,
    random: systemRandom,
    logger: createLogger('silent'),
    publicUrl: 'http://127.0.0.1:1',
  })
  for (const put of roles) context.commit({ table: 'iamRoles', put })
  return { context, caller, region: 'eu-central-1', now: clock.now() }
}

const resource = 'arn:aws:iam::111111111111:role/x'
const denial = (arn: string, rest: string) =>
  `User: ${arn} is not authorized to perform: iam:GetRole on resource: ${resource} ${rest}`
const silent = 'because no identity-based policy allows the iam:GetRole action'

describe('whose policies count', () => {
  test('those of a long-lived key', () => {
    expect(
      findDenial(callBy({ ...user, policies: [allow('iam:Get*')] }), 'iam:GetRole', [resource]),
    ).toBeUndefined()
    expect(findDenial(callBy({ ...user, policies: [] }), 'iam:GetRole', [resource])).toBe(
      denial(user.arn, silent),
    )
    expect(findDenial(callBy(user), 'iam:GetRole', [resource])).toBe(denial(user.arn, silent))
  })

  test('those of the role of a session, inline and attached, as they are now', () => {
    const inline = { ...role, inlinePolicies: { one: allow('sso:*'), two: allow('iam:GetRole') } }
    const call = callBy(session, [inline])
    expect(findDenial(call, 'iam:GetRole', [resource])).toBeUndefined()
    call.context.commit({ table: 'iamRoles', put: role })
    expect(findDenial(call, 'iam:GetRole', [resource])).toBe(denial(session.arn, silent))
    const attachedPolicies = ['arn:aws:iam::aws:policy/IAMReadOnlyAccess']
    call.context.commit({ table: 'iamRoles', put: { ...role, attachedPolicies } })
    expect(findDenial(call, 'iam:GetRole', [resource])).toBeUndefined()
    expect(findDenial(call, 'iam:PutRolePolicy', [resource])).toContain('no identity-based policy')
    call.context.commit({ table: 'iamRoles', delete: `${account}/ops` })
    expect(findDenial(call, 'iam:GetRole', [resource])).toBe(denial(session.arn, silent))
  })

  test('a key of a role has no policies of its own', () => {
    expect(findDenial(callBy({ ...session, policies: [allow('*')] }), 'iam:GetRole', [resource])).toBe(
      denial(session.arn, silent),
    )
  })

  test('those of the session take away and never add', () => {
    const admin = { ...role, inlinePolicies: { all: allow('*') } }
    const with_ = (...sessionPolicies: string[]) => callBy({ ...session, sessionPolicies }, [admin])
    expect(findDenial(with_(allow('iam:*')), 'iam:GetRole', [resource])).toBeUndefined()
    expect(findDenial(with_(allow('sso:*')), 'iam:GetRole', [resource])).toBe(
      denial(session.arn, 'because no session policy allows the iam:GetRole action'),
    )
    expect(findDenial(with_(allow('*'), allow('iam:*', { Effect: 'Deny' })), 'iam:GetRole', [resource])).toBe(
      denial(session.arn, 'with an explicit deny in a session policy'),
    )
    expect(
      findDenial(callBy({ ...session, sessionPolicies: [allow('*')] }, [role]), 'iam:GetRole', [resource]),
    ).toBe(denial(session.arn, silent))
  })

  test('an explicit denial is said to be one, and wins', () => {
    const policies = [allow('*'), allow('iam:GetRole', { Effect: 'Deny' })]
    expect(findDenial(callBy({ ...user, policies }), 'iam:GetRole', [resource])).toBe(
      denial(user.arn, 'with an explicit deny in an identity-based policy'),
    )
  })

  test('every resource must be allowed; the first that is not is named', () => {
    const call = callBy({ ...user, policies: [allow('iam:*', { Resource: 'arn:aws:iam::*:role/x*' })] })
    expect(findDenial(call, 'iam:GetRole', [resource, `${resource}y`])).toBeUndefined()
    expect(findDenial(call, 'iam:GetRole', [resource, 'arn:aws:iam::1:role/y'])).toBe(
      denial(user.arn, silent).replace(resource, 'arn:aws:iam::1:role/y'),
    )
  })
})

describe('what conditions know of a caller', () => {
  test.each<[string, Credential, string, string | undefined]>([
    ['the user', user, 'aws:PrincipalArn', user.arn],
    ['the role behind a session', session, 'aws:PrincipalArn', `arn:aws:iam::${account}:role/team/Ops`],
    ['the account', session, 'aws:PrincipalAccount', account],
    ['the organisation', user, 'aws:PrincipalOrgID', callBy(user).context.state.ids.organizationId],
    ['the kind of a user', user, 'aws:PrincipalType', 'User'],
    ['the kind of a session', session, 'aws:PrincipalType', 'AssumedRole'],
    ['a tag of the role', session, 'aws:PrincipalTag/Team', 'blue'],
    ['no tags of users', user, 'aws:PrincipalTag/Team', undefined],
    ['the id', session, 'aws:userid', 'AROAOPS:ada'],
    ['the name of a user', user, 'aws:username', 'ada'],
    ['no name of a session', session, 'aws:username', undefined],
    ['the Region', user, 'aws:RequestedRegion', 'eu-central-1'],
    ['the time', user, 'aws:CurrentTime', '2026-11-22T12:00:00.000Z'],
    ['the time in seconds', user, 'aws:EpochTime', '1795348800'],
    ['that there was no second factor', session, 'aws:MultiFactorAuthPresent', 'false'],
    ['nothing of a second factor for keys', user, 'aws:MultiFactorAuthPresent', undefined],
    ['the connection', user, 'aws:SecureTransport', 'true'],
    ['no source identity', session, 'aws:SourceIdentity', undefined],
  ])('%s', (_name, caller, key, value) => {
    const asks = (wanted: string, operator = 'StringEquals') => {
      const document = allow('*', { Condition: { [operator]: { [key]: wanted } } })
      const call = callBy({ ...caller, policies: [document] }, [{ ...role, inlinePolicies: { document } }])
      return findDenial(call, 'iam:GetRole', [resource]) === undefined
    }
    expect(asks(value ?? '')).toBe(value !== undefined)
    expect(asks('something else')).toBe(false)
    expect(asks('true', 'Null')).toBe(value === undefined)
  })
})

describe('a caller whom a role names', () => {
  const roleArn = 'arn:aws:iam::111111111111:role/target'
  test.each([
    ['needs no permission', {}, false],
    ['is held back by an explicit denial', { policies: [allow('sts:*', { Effect: 'Deny' })] }, true],
    ['is held back by a session that may not', { sessionPolicies: [allow('sso:*')] }, true],
    ['is not held back by a session that may', { sessionPolicies: [allow('sts:AssumeRole')] }, false],
  ])('%s', (_name, change, isDenied) => {
    expect(isDeniedDespiteTrust(callBy({ ...user, ...change }), 'sts:AssumeRole', roleArn)).toBe(isDenied)
  })
})

describe('managed policies', () => {
  test('every one can be read', () => {
    for (const arn of managedPolicyArns) {
      expect(arn).toMatch(/^arn:aws:iam::aws:policy\/\w+$/)
      expect(parsePolicy(findManagedPolicy(arn) ?? '', 'identity').statements).not.toHaveLength(0)
    }
    expect(findManagedPolicy('arn:aws:iam::aws:policy/Unknown')).toBeUndefined()
  })

  test.each([
    ['AdministratorAccess', 'iam:CreateRole', 'none'],
    ['PowerUserAccess', 'sso:ListInstances', 'iam:CreateRole'],
    ['PowerUserAccess', 'iam:ListRoles', 'organizations:ListAccounts'],
    ['IAMFullAccess', 'iam:CreateRole', 'organizations:ListAccounts'],
    ['IAMReadOnlyAccess', 'iam:GetRole', 'iam:CreateRole'],
    ['AWSOrganizationsReadOnlyAccess', 'organizations:ListAccounts', 'organizations:MoveAccount'],
    ['AWSSSOReadOnly', 'sso:ListPermissionSets', 'sso:CreateAccountAssignment'],
    ['AWSSSOMasterAccountAdministrator', 'identitystore:CreateGroup', 'iam:CreateRole'],
    ['AWSSSODirectoryReadOnly', 'identitystore:ListUsers', 'identitystore:CreateUser'],
    ['AWSSSODirectoryAdministrator', 'identitystore:CreateUser', 'sso:CreateAccountAssignment'],
  ])('%s allows %s and not %s', (name, allowed, refused) => {
    const attached = { ...role, attachedPolicies: [`arn:aws:iam::aws:policy/${name}`] }
    const call = callBy(session, [attached])
    expect(findDenial(call, allowed, ['*'])).toBeUndefined()
    if (refused !== 'none') expect(findDenial(call, refused, ['*'])).toContain('no identity-based policy')
  })
})
