import { describe, expect, test } from 'vitest'
import {
  assignmentRoleDocument,
  assignmentRoleName,
  assignmentRoleRef,
  buildAssignmentRole,
  isReservedRoleName,
  parseAssignmentRoleRef,
  presentRoleName,
  resolveAssignmentRole,
} from '../../../src/core/inventory/assignment-role.js'
import { emptyInventory, type Account, type Inventory } from '../../../src/core/inventory/inventory.js'
import { decidePair } from '../../../src/core/role/pair-access.js'
import { buildInventory } from '../../support/inventory.js'

const arn = (id: string) => `arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-${id}`
const account = (id: string, name: string, ...formerNames: string[]): Account => ({
  id,
  name,
  formerNames,
  tags: {},
})
const inventory: Inventory = {
  revision: '1',
  accounts: [
    account('555555555555', 'production', 'prod', 'live'),
    account('666666666666', 'y', 'x-on-y'),
    account('777777777777', 'on-call-on-duty'),
  ],
  permissionSets: [
    { arn: arn('a'), name: 'AdministratorAccess' },
    { arn: arn('b'), name: 'A' },
    { arn: arn('c'), name: 'A-on-x' },
  ],
}
const resolved = (name: string) => {
  const pair = resolveAssignmentRole(inventory, name)
  return pair && [pair.permissionSet.name, pair.account.id]
}

describe('names of account assignment roles', () => {
  test('a name is the permission set, the account and the account id', () => {
    const pair = resolveAssignmentRole(inventory, 'AdministratorAccess-on-production-555555555555')
    expect(pair && assignmentRoleName(pair)).toBe('AdministratorAccess-on-production-555555555555')
  })

  test.each([
    ['AdministratorAccess-on-production-555555555555', ['AdministratorAccess', '555555555555']],
    ['AdministratorAccess-on-on-call-on-duty-777777777777', ['AdministratorAccess', '777777777777']],
    ['A-on-x-on-on-call-on-duty-777777777777', ['A-on-x', '777777777777']],
  ])('%s resolves', (name, expected) => {
    expect(resolved(name)).toEqual(expected)
  })

  test.each([
    ['an account id that is not there', 'AdministratorAccess-on-production-555555555556'],
    ['the name of another account', 'AdministratorAccess-on-staging-555555555555'],
    ['a permission set that is not there', 'Admin-on-production-555555555555'],
    ['another case', 'administratoraccess-on-production-555555555555'],
    ['no permission set', '-on-production-555555555555'],
    ['an ordinary role name', 'editor'],
    ['no text', ''],
  ])('%s resolves to nothing', (_, name) => {
    expect(resolved(name)).toBeUndefined()
  })

  test('former names of an account still resolve', () => {
    expect(resolved('A-on-prod-555555555555')).toEqual(['A', '555555555555'])
    expect(resolved('A-on-live-555555555555')).toEqual(['A', '555555555555'])
  })

  test('where a former name would make the text mean two, the current name decides', () => {
    // Permission set "A-on-x" on account "y", or "A" on what was called "x-on-y".
    expect(resolved('A-on-x-on-y-666666666666')).toEqual(['A-on-x', '666666666666'])
  })

  test('nothing resolves in an empty inventory', () => {
    expect(resolveAssignmentRole(emptyInventory, 'A-on-y-666666666666')).toBeUndefined()
  })

  test('every current name means exactly its own pair', () => {
    const big = buildInventory({ accounts: 40, permissionSets: 30 })
    for (const one of big.accounts) {
      for (const permissionSet of big.permissionSets) {
        const name = assignmentRoleName({ account: one, permissionSet })
        expect(isReservedRoleName(name)).toBe(true)
        expect(resolveAssignmentRole(big, name)).toEqual({ account: one, permissionSet })
      }
    }
  })
})

describe('reserved role names', () => {
  test.each([
    'AdministratorAccess-on-production-555555555555',
    // The guide's own example.
    'AdministratorAccess-on-MyAccount-012345678',
    'a-on-b-on-c-123456789',
    // Read as the first one, in other cases, digits, dashes, or with what nobody sees.
    'AdministratorAccess-ON-production-555555555555',
    'AdministratorAccess-on-production-55555555555\u{1d7d3}',
    'AdministratorAccess-on-production-\u0665\u0665\u0665555555555',
    'AdministratorAccess\u2011on\u2011production\u2011555555555555',
    'AdministratorAccess\u2212on\u2013production\uff0d\uff15\uff15\uff15555555555',
    'AdministratorAccess-on-production-555555555555\ufe0f',
  ])('%s is reserved', (name) => {
    expect(isReservedRoleName(name)).toBe(true)
  })

  test.each([
    'AdminAccess-on-my-account',
    'aws-sign-in',
    'team-on-call-2026',
    'x-on-y-12345678',
    'x-on-y-1234567890123',
    '-on-y-123456789012',
    'x-on--123456789012',
    'on-y-123456789012',
    'x-ON-y-1234567\u0665',
    'x\u2011on\u2011y\u2011z',
    'x_on_y_123456789012',
  ])('%s is not', (name) => {
    expect(isReservedRoleName(name)).toBe(false)
  })

  test('a name of a megabyte is answered at once', () => {
    const long = '-on-'.repeat(250_000)
    const begun = process.cpuUsage()
    expect(isReservedRoleName(`${long}1`)).toBe(false)
    expect(isReservedRoleName(`x${long}y-123456789012`)).toBe(true)
    expect(isReservedRoleName(`${'-123456789'.repeat(100_000)}x1`)).toBe(false)
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(1000)
  })
})

describe('references to account assignment roles', () => {
  const ref = assignmentRoleRef('555555555555', arn('a'))

  test('a reference names ids and reads back', () => {
    expect(ref).toBe(`assignment/555555555555/${arn('a')}`)
    expect(parseAssignmentRoleRef(ref)).toEqual({ accountId: '555555555555', permissionSetArn: arn('a') })
    expect(resolved(ref)).toEqual(['AdministratorAccess', '555555555555'])
  })

  test.each(['aws', 'aws-us-gov', 'aws-cn'])('partition %s is known', (partition) => {
    const other = `assignment/555555555555/arn:${partition}:sso:::permissionSet/ssoins-1234/ps-5678`
    expect(parseAssignmentRoleRef(other)?.accountId).toBe('555555555555')
  })

  test.each([
    'assignment',
    'assignment/',
    'assignment/555555555555',
    'assignment/555555555555/',
    `assignment/55555555555/${arn('a')}`,
    `assignment/*/${arn('a')}`,
    `assignment/555555555555/${arn('*')}`,
    `assignment/555555555555/${arn('a')}/more`,
    `assignment/555555555555/${arn('a')}\n`,
    'assignment/555555555555/arn:aws:iam::555555555555:role/x',
    `role/555555555555/${arn('a')}`,
  ])('%j is no reference', (text) => {
    expect(parseAssignmentRoleRef(text)).toBeUndefined()
  })

  test('it is shown by the current name, which is not a reserved text of its own', () => {
    expect(presentRoleName(inventory, ref)).toBe('AdministratorAccess-on-production-555555555555')
  })

  test('a permission set that was deleted and made again under its name inherits nothing', () => {
    const again = {
      ...inventory,
      revision: '2',
      permissionSets: [{ arn: arn('z'), name: 'AdministratorAccess' }],
    }
    expect(resolveAssignmentRole(again, ref)).toBeUndefined()
    expect(presentRoleName(again, ref)).toBe(ref)
  })

  test('after an account is renamed the reference means the same pair under its new name', () => {
    const renamed = {
      ...inventory,
      revision: '2',
      accounts: [account('555555555555', 'production-eu', 'production')],
    }
    expect(presentRoleName(renamed, ref)).toBe('AdministratorAccess-on-production-eu-555555555555')
    expect(resolveAssignmentRole(renamed, 'AdministratorAccess-on-production-555555555555')).toEqual(
      resolveAssignmentRole(renamed, ref),
    )
  })

  test('names of other roles are shown as they are', () => {
    expect(presentRoleName(inventory, 'editor')).toBe('editor')
  })
})

describe('the role itself', () => {
  const pair = resolveAssignmentRole(inventory, 'A-on-production-555555555555')
  if (pair === undefined) throw new Error('the fixture lacks the pair')

  test('it gives its own pair and no other', () => {
    const role = buildAssignmentRole(pair)
    expect(role).toMatchObject({ version: 'v7', origin: 'account_assignment' })
    const given = (accountId: string, permissionSetArn: string) =>
      decidePair([role], { accountId, permissionSetArn }).effect
    expect(given('555555555555', arn('b'))).toBe('allow')
    expect(given('555555555555', arn('a'))).toBe('deny')
    expect(given('666666666666', arn('b'))).toBe('deny')
  })

  test('its document carries version, label and ids as the guide writes them', () => {
    expect(assignmentRoleDocument(pair)).toEqual({
      kind: 'role',
      version: 'v7',
      metadata: {
        name: 'A-on-production-555555555555',
        description: 'Gives the permission set A in the AWS account production (555555555555).',
        labels: { 'teleport.dev/origin': 'aws-identity-center' },
      },
      spec: { allow: { account_assignments: [{ account: '555555555555', permission_set: arn('b') }] } },
    })
  })
})
