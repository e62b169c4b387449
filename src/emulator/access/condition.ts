/**
 * @module The `Condition` of a statement: its operators, with what each does with several values and absent keys.
 * An operator that is not listed here is refused when the policy is read; none is ever taken for true or false.
 */
import type { ConditionKeys } from './condition-keys.js'
import { PolicyError } from './policy-error.js'
import { fitsWildcard } from './wildcard.js'

/** Whether a condition holds for a request. */
export type Condition = (keys: ConditionKeys) => boolean

/** Whether the value of a request fits one value of the policy. */
type Fits = (actual: string) => boolean

interface Operator {
  /** Prepares a value of the policy. @throws PolicyError where it is not of the operator's type */
  readonly prepare: (wanted: string) => Fits
  /** It holds where no value of the policy fits, and where the key is absent. */
  readonly negated?: boolean
}

const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...both('StringEquals', 'StringNotEquals', (wanted) => (actual) => actual === wanted),
  ...both('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', (wanted) => {
    const lower = wanted.toLowerCase()
    return (actual) => actual.toLowerCase() === lower
  }),
  ...both('StringLike', 'StringNotLike', (wanted) => (actual) => fitsWildcard(wanted, actual)),
  ...both('ArnEquals', 'ArnNotEquals', prepareArn),
  ...both('ArnLike', 'ArnNotLike', prepareArn),
  ...both(
    'NumericEquals',
    'NumericNotEquals',
    compared(parseNumber, (order) => order === 0),
  ),
  ...ordered('Numeric', parseNumber),
  ...both(
    'DateEquals',
    'DateNotEquals',
    compared(parseDate, (order) => order === 0),
  ),
  ...ordered('Date', parseDate),
  ['Bool', { prepare: prepareBoolean }],
])

function both(plain: string, not: string, prepare: Operator['prepare']): [string, Operator][] {
  return [
    [plain, { prepare }],
    [not, { prepare, negated: true }],
  ]
}

type Reader = (text: string) => number | undefined

function ordered(type: string, read: Reader): [string, Operator][] {
  return [
    [`${type}LessThan`, { prepare: compared(read, (order) => order < 0) }],
    [`${type}LessThanEquals`, { prepare: compared(read, (order) => order <= 0) }],
    [`${type}GreaterThan`, { prepare: compared(read, (order) => order > 0) }],
    [`${type}GreaterThanEquals`, { prepare: compared(read, (order) => order >= 0) }],
  ]
}

function compared(read: Reader, holds: (order: number) => boolean): Operator['prepare'] {
  return (text) => {
    const wanted = read(text)
    if (wanted === undefined)
      throw new PolicyError(`The condition value "${text}" is not of its operator's type.`)
    return (actual) => {
      const found = read(actual)
      return found !== undefined && holds(found - wanted)
    }
  }
}

function parseNumber(text: string): number | undefined {
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined
}

/** A date of ISO 8601, or seconds since the epoch. */
function parseDate(text: string): number | undefined {
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1000
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? undefined : instant
}

function prepareBoolean(text: string): Fits {
  const wanted = text.toLowerCase()
  if (wanted !== 'true' && wanted !== 'false') {
    throw new PolicyError(`The condition value "${text}" is neither true nor false.`)
  }
  return (actual) => actual.toLowerCase() === wanted
}

/** Wildcards of ARN operators stay within their part of the ARN; the sixth part reaches to the end. */
function prepareArn(text: string): Fits {
  const wanted = splitArn(text)
  if (wanted === undefined) throw new PolicyError(`The condition value "${text}" is not an ARN of six parts.`)
  return (actual) => {
    const parts = splitArn(actual)
    return parts !== undefined && wanted.every((pattern, index) => fitsWildcard(pattern, parts[index] ?? ''))
  }
}

function splitArn(text: string): readonly string[] | undefined {
  const parts = text.split(':')
  if (parts.length < 6 || parts[0] !== 'arn') return undefined
  return [...parts.slice(0, 5), parts.slice(5).join(':')]
}

const operatorForm = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/

/**
 * Prepares one operator with one key: all values of the key under it.
 * @throws PolicyError for an operator that does not exist or is not emulated, and for values of another type
 */
export function prepareCondition(operator: string, key: string, values: readonly string[]): Condition {
  const [, over, name = '', ifExists] = operatorForm.exec(operator) ?? []
  const lowerKey = key.toLowerCase()
  if (name === 'Null' && over === undefined && ifExists === undefined) return prepareNull(lowerKey, values)
  const known = operators.get(name)
  if (known === undefined) {
    throw new PolicyError(`The condition operator ${operator} does not exist, or is not emulated.`)
  }
  const wanted = values.map((value) => known.prepare(value))
  const negated = known.negated === true
  const one: Fits = (actual) => wanted.some((fits) => fits(actual)) !== negated
  return (keys) => {
    const actual = keys.get(lowerKey) ?? []
    if (actual.length === 0) {
      // A set operator answers for itself; a plain one is false where it compares, and true where it excludes.
      return ifExists !== undefined || (over === undefined ? negated : over === 'ForAllValues')
    }
    if (over === 'ForAnyValue') return actual.some(one)
    if (over === 'ForAllValues' || negated) return actual.every(one)
    return actual.some(one)
  }
}

function prepareNull(key: string, values: readonly string[]): Condition {
  const wanted = values.map(prepareBoolean)
  return (keys) => {
    const isAbsent = String((keys.get(key) ?? []).length === 0)
    return wanted.some((fits) => fits(isAbsent))
  }
}
