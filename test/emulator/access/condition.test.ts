import { describe, expect, test } from 'vitest'
import { conditionKeys } from '../../../src/emulator/access/condition-keys.js'
import { prepareCondition } from '../../../src/emulator/access/condition.js'
import { PolicyError } from '../../../src/emulator/access/policy-error.js'

const holds = (operator: string, wanted: string[], actual: string | string[] | undefined): boolean =>
  prepareCondition(operator, 'Issuer.Example:Sub', wanted)(conditionKeys({ 'issuer.example:sub': actual }))

describe('operators compare one value', () => {
  test.each([
    ['StringEquals', 'a', 'a', 'A'],
    ['StringNotEquals', 'a', 'b', 'a'],
    ['StringEqualsIgnoreCase', 'Ab', 'aB', 'b'],
    ['StringNotEqualsIgnoreCase', 'Ab', 'b', 'aB'],
    ['StringEquals', 'a*', 'a*', 'ab'],
    ['StringLike', 'repo:*:x', 'repo:a:b:x', 'repo:a:y'],
    ['StringNotLike', 'repo:*', 'x', 'repo:x'],
    ['NumericEquals', '10', '10.0', '11'],
    ['NumericNotEquals', '10', '11', '10'],
    ['NumericLessThan', '10', '9', '10'],
    ['NumericLessThanEquals', '10', '10', '10.5'],
    ['NumericGreaterThan', '-1', '0', '-1'],
    ['NumericGreaterThanEquals', '3', '3', 'three'],
    ['DateEquals', '2026-11-22T12:00:00Z', '2026-11-22T13:00:00+01:00', '2026-11-22T12:00:01Z'],
    ['DateNotEquals', '2026-11-22', '2026-11-23', '2026-11-22T00:00:00Z'],
    ['DateLessThan', '2026-11-22T12:00:00Z', '1', '2026-11-22T12:00:00Z'],
    ['DateLessThanEquals', '1000', '1970-01-01T00:16:40Z', '1001'],
    ['DateGreaterThan', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00.001Z', 'yesterday'],
    ['DateGreaterThanEquals', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z', '2026-11-22T11:59:59Z'],
    ['Bool', 'true', 'True', 'false'],
    ['Bool', 'false', 'false', 'no'],
    ['ArnEquals', 'arn:aws:iam::*:role/x', 'arn:aws:iam::1:role/x', 'arn:aws:iam::1:role/y'],
    ['ArnLike', 'arn:aws:iam::*:role/*', 'arn:aws:iam::1:role/a:b', 'arn:aws:iam::1:2:role/a'],
    ['ArnNotEquals', 'arn:aws:iam::1:role/x', 'arn:aws:iam::2:role/x', 'arn:aws:iam::1:role/x'],
    ['ArnNotLike', 'arn:aws:iam::1:*', 'arn:aws:iam::2:role/x', 'arn:aws:iam::1:role/x'],
    ['ArnLike', 'arn:aws:*:*:*:*', 'arn:aws:iam::1:user/x', 'not an arn'],
  ])('%s %j takes %j and not %j', (operator, wanted, right, wrong) => {
    expect(holds(operator, [wanted], right)).toBe(true)
    expect(holds(operator, [wanted], wrong)).toBe(false)
  })
})

describe('several values, sets and absent keys', () => {
  test.each<[string, string[], string | string[] | undefined, boolean]>([
    ['StringEquals', ['a', 'b'], 'b', true],
    ['StringEquals', ['a', 'b'], 'c', false],
    ['StringEquals', ['a'], undefined, false],
    ['StringEqualsIfExists', ['a'], undefined, true],
    ['StringEqualsIfExists', ['a'], 'b', false],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringNotEquals', ['a', 'b'], 'c', true],
    ['StringNotEquals', ['a'], undefined, true],
    ['StringNotEqualsIfExists', ['a'], 'a', false],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['x', 'b'], true],
    ['ForAnyValue:StringEquals', ['a'], ['x', 'y'], false],
    ['ForAnyValue:StringEquals', ['a'], undefined, false],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
    ['ForAnyValue:StringNotEquals', ['a'], ['a'], false],
    ['ForAnyValue:StringNotEquals', ['a'], undefined, false],
    ['ForAnyValue:StringLikeIfExists', ['a'], undefined, true],
    ['ForAllValues:StringLike', ['a*', 'b'], ['aa', 'b'], true],
    ['ForAllValues:StringLike', ['a*'], ['aa', 'b'], false],
    ['ForAllValues:StringLike', ['a*'], undefined, true],
    ['ForAllValues:StringNotLike', ['a*'], ['b', 'c'], true],
    ['ForAllValues:StringNotLike', ['a*'], ['b', 'ab'], false],
    ['Null', ['true'], undefined, true],
    ['Null', ['true'], 'x', false],
    ['Null', ['false'], 'x', true],
    ['Null', ['false'], undefined, false],
    ['Null', ['false'], [], false],
  ])('%s %j of %j: %s', (operator, wanted, actual, expected) => {
    expect(holds(operator, wanted, actual)).toBe(expected)
  })
})

describe('what cannot be judged is refused', () => {
  test.each([
    'StringMatches',
    'stringequals',
    'IpAddress',
    'BinaryEquals',
    'NullIfExists',
    'ForAnyValue:Null',
    'ForSomeValues:StringEquals',
    'StringEqualsIfExistsIfExists',
    '__proto__',
    '',
  ])('the operator %j', (operator) => {
    expect(() => prepareCondition(operator, 'aws:userid', ['x'])).toThrow(
      new PolicyError(`The condition operator ${operator} does not exist, or is not emulated.`),
    )
  })

  test.each([
    ['NumericEquals', 'ten', `The condition value "ten" is not of its operator's type.`],
    ['DateLessThan', '2026-13-45', `The condition value "2026-13-45" is not of its operator's type.`],
    ['Bool', 'yes', 'The condition value "yes" is neither true nor false.'],
    ['Null', '1', 'The condition value "1" is neither true nor false.'],
    ['ArnLike', '*', 'The condition value "*" is not an ARN of six parts.'],
  ])('%s with %j', (operator, value, message) => {
    expect(() => prepareCondition(operator, 'aws:userid', [value])).toThrow(new PolicyError(message))
  })
})
