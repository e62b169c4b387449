import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchOperations, nearOperations } from '../../../src/emulator/faults/operation-pattern.js'
import { operationsIn } from '../../../src/emulator/faults/operations.js'

const names = [
  'iam:ListRoles',
  'identitystore:CreateUser',
  'identitystore:ListUsers',
  'organizations:ListAccounts',
  'scim:CreateUser',
  'scim:ListUsers',
  'sso-admin:ListInstances',
  'sts:AssumeRole',
]

describe('a name of operations', () => {
  test.each([
    ['scim:ListUsers', ['scim:ListUsers']],
    ['*', names],
    ['scim:*', ['scim:CreateUser', 'scim:ListUsers']],
    ['*:ListUsers', ['identitystore:ListUsers', 'scim:ListUsers']],
    ['*:Create*', ['identitystore:CreateUser', 'scim:CreateUser']],
    ['s*:*s', ['scim:ListUsers', 'sso-admin:ListInstances']],
    ['scim:ListUsers*', ['scim:ListUsers']],
    ['scim:**', ['scim:CreateUser', 'scim:ListUsers']],
    ['scim', []],
    ['scim:List', []],
    ['scim:ListUsers*s', []],
    ['scim.*', []],
    ['SCIM:*', []],
  ])('%s means %j', (pattern, expected) => {
    expect(matchOperations(pattern, names)).toEqual(expected)
  })

  test('matches as a regular expression of the same meaning does', () => {
    const pieces = fc
      .array(fc.constantFrom('*', 'a', 'b', 'ab', ':'), { maxLength: 8 })
      .map((all) => all.join(''))
    const name = fc.array(fc.constantFrom('a', 'b', ':'), { maxLength: 10 }).map((all) => all.join(''))
    fc.assert(
      fc.property(pieces, name, (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll(/\*+/g, '.*')}$`)
        expect(matchOperations(pattern, [text])).toEqual(expression.test(text) ? [text] : [])
      }),
      { numRuns: 1000 },
    )
  })
})

describe('near names', () => {
  test.each([
    ['scim:ListUser', ['scim:ListUsers', 'identitystore:ListUsers']],
    ['ListUsers', ['identitystore:ListUsers', 'scim:ListUsers']],
    ['sso:ListInstances', ['sso-admin:ListInstances']],
    ['iam:listroles', ['iam:ListRoles']],
    ['STS:AssumeRole', ['sts:AssumeRole']],
    ['something else entirely', []],
  ])('of %s are %j', (pattern, expected) => {
    expect(nearOperations(pattern, names)).toEqual(expected)
  })
})

describe('a Region', () => {
  test('of the instance has all but Organizations and IAM', () => {
    expect(operationsIn('eu-central-1', 'eu-central-1', names)).toEqual(
      names.filter((name) => !/^(iam|organizations):/.test(name)),
    )
  })

  test('us-east-1 has Organizations and IAM, and the rest where the instance is there, too', () => {
    const globals = ['iam:ListRoles', 'organizations:ListAccounts']
    expect(operationsIn('us-east-1', 'eu-central-1', names)).toEqual(globals)
    expect(operationsIn('us-east-1', 'us-east-1', names)).toEqual(names)
    expect(operationsIn('ap-south-1', 'eu-central-1', names)).toEqual([])
  })
})
