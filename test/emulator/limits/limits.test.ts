import { describe, expect, test } from 'vitest'
import { services } from '../../../src/emulator/aws/mount.js'
import { Limits } from '../../../src/emulator/limits/limits.js'
import { scimOperations } from '../../../src/emulator/scim/mount.js'
import { organizationsRates, scimRates } from '../../../src/emulator/limits/published.js'
import { startTime } from '../portal.js'

/** How many calls pass at one instant, before the first refusal. */
function passes(limits: Limits, operation: string, now: number, account = '111111111111'): number {
  for (let n = 0; n < 1000; n++) if (!limits.take(operation, now, 1, account)) return n
  return Infinity
}

describe('the published limits', () => {
  test('all operations of sso-admin share 20 calls a second', () => {
    const limits = new Limits()
    for (let n = 0; n < 10; n++) {
      expect(limits.take('sso-admin:ListInstances', startTime)).toBe(true)
      expect(limits.take('sso-admin:CreateAccountAssignment', startTime)).toBe(true)
    }
    expect(limits.take('sso-admin:ListInstances', startTime)).toBe(false)
    expect(limits.take('sso-admin:DescribePermissionSet', startTime)).toBe(false)
    expect(limits.take('sso-admin:ListInstances', startTime + 49)).toBe(false)
    expect(limits.take('sso-admin:ListInstances', startTime + 50)).toBe(true)
    expect(limits.take('sso-admin:ListInstances', startTime + 50)).toBe(false)
  })

  test('each operation of identitystore has 20 calls a second of its own', () => {
    const limits = new Limits()
    expect(passes(limits, 'identitystore:ListUsers', startTime)).toBe(20)
    expect(passes(limits, 'identitystore:ListGroups', startTime)).toBe(20)
    expect(passes(limits, 'identitystore:ListUsers', startTime + 100)).toBe(2)
  })

  test.each([
    ['scim:PatchGroup', 25],
    ['scim:CreateUser', 25],
    ['scim:ListUsers', 40],
    ['scim:GetGroup', 40],
    ['sts:GetCallerIdentity', Infinity],
    ['iam:ListRoles', Infinity],
  ])('%s passes %d times at one instant', (operation, count) => {
    expect(passes(new Limits(), operation, startTime)).toBe(count)
  })

  test('the names of SCIM are those that count as reads or as writes', () => {
    const writes = [...scimRates].filter(([, { perSecond }]) => perSecond === 25).map(([name]) => name)
    expect(writes).toEqual([
      'CreateUser',
      'PatchUser',
      'PutUser',
      'DeleteUser',
      'CreateGroup',
      'PatchGroup',
      'DeleteGroup',
    ])
    expect(scimRates.size).toBe(15)
  })

  test('SCIM has a rate for each of its operations, and for nothing else', () => {
    expect([...scimRates.keys()].sort()).toEqual(scimOperations.map(({ name }) => name).sort())
  })

  test('every operation of Organizations that is built has its rate, but for one without a known number', () => {
    const organizations = services.find(({ dialect }) => dialect.service === 'organizations')
    const without = organizations?.operations
      .map(({ name }) => name)
      .filter((n) => !organizationsRates.has(n))
    expect(without).toEqual(['DescribeOrganizationalUnit'])
    const operation = 'organizations:DescribeOrganizationalUnit'
    expect(passes(new Limits(), operation, startTime)).toBe(Infinity)
  })
})

describe('Organizations', () => {
  test('an account has its own burst, and the organisation one for all accounts', () => {
    const limits = new Limits()
    expect(passes(limits, 'organizations:ListAccounts', startTime, '111111111111')).toBe(12)
    expect(passes(limits, 'organizations:ListAccounts', startTime, '222222222222')).toBe(3)
    expect(limits.levels(startTime)).toEqual([
      level('111111111111', 8, 12, 0, 1),
      level('222222222222', 8, 12, 9, 0),
      level('organisation', 9, 15, 0, 1),
    ])
  })

  test('a call that one bucket refuses takes nothing from the other', () => {
    const limits = new Limits()
    passes(limits, 'organizations:ListAccounts', startTime, '111111111111')
    for (let n = 0; n < 50; n++) limits.take('organizations:ListAccounts', startTime, 1, '111111111111')
    expect(passes(limits, 'organizations:ListAccounts', startTime, '222222222222')).toBe(3)
  })

  test('an operation without a number for the organisation is held by the account alone', () => {
    const limits = new Limits()
    expect(passes(limits, 'organizations:DescribeOrganization', startTime, '111111111111')).toBe(2)
    expect(passes(limits, 'organizations:DescribeOrganization', startTime, '222222222222')).toBe(2)
    expect(passes(limits, 'organizations:DescribeOrganization', startTime + 1000, '222222222222')).toBe(1)
  })

  function level(of: string, perSecond: number, burst: number, left: number, refused: number) {
    return { bucket: 'organizations:ListAccounts', of, perSecond, burst, level: left, refused }
  }
})

describe('membership changes of SCIM', () => {
  test('a request takes as many tokens as it has changes, all or none', () => {
    const limits = new Limits(() => ({ scimMembershipRate: 50 }))
    expect(limits.take('scim:membership', startTime, 100)).toBe(true)
    expect(limits.take('scim:membership', startTime + 1000, 51)).toBe(false)
    expect(limits.take('scim:membership', startTime + 1000, 50)).toBe(true)
    expect(limits.levels(startTime + 1000)).toEqual([
      { bucket: 'scim:membership', perSecond: 50, burst: 100, level: 0, refused: 1 },
    ])
  })

  test('another rate counts from the next call on', () => {
    let perSecond = 1000
    const limits = new Limits(() => ({ scimMembershipRate: perSecond }))
    expect(limits.take('scim:membership', startTime, 500)).toBe(true)
    perSecond = 0.5
    expect(limits.take('scim:membership', startTime, 101)).toBe(false)
    expect(limits.take('scim:membership', startTime, 100)).toBe(true)
    expect(limits.take('scim:membership', startTime + 1999, 1)).toBe(false)
    expect(limits.take('scim:membership', startTime + 2000, 1)).toBe(true)
  })
})

test('a bucket is there from its first call on, and a reset forgets it', () => {
  const limits = new Limits()
  expect(limits.levels(startTime)).toEqual([])
  limits.take('sso-admin:ListInstances', startTime)
  const level = { bucket: 'sso-admin', perSecond: 20, burst: 20, refused: 0 }
  expect(limits.levels(startTime)).toEqual([{ ...level, level: 19 }])
  expect(limits.levels(startTime + 25)).toEqual([{ ...level, level: 19.5 }])
  limits.clear()
  expect(limits.levels(startTime)).toEqual([])
})
