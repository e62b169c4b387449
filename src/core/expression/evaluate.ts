/**
 * @module Computes an expression for one user. Work and memory are bounded by `expressionLimits`, whatever the traits
 * of the user; a value that is not there is an empty set, never an error.
 */
import { assertNever } from '../error.js'
import type { User } from '../user/user.js'
import {
  expressionError,
  expressionLimits,
  type Condition,
  type Expression,
  type Values,
} from './expression.js'

/**
 * The values of the expression for this user, without duplicates, in the order in which they were named.
 * @throws GatewayError `INVALID_EXPRESSION` where a result outgrows the limits.
 */
export function evaluateExpression(
  expression: Expression,
  subject: { readonly user: User },
): readonly string[] {
  return evaluate(expression, expression.root, subject.user)
}

function evaluate(expression: Expression, node: Values, user: User): readonly string[] {
  const inner = (values: Values) => evaluate(expression, values, user)
  switch (node.kind) {
    case 'literal':
      return [node.value]
    case 'name':
      return [user.name]
    case 'roles':
      return bounded(expression, user.roles)
    case 'trait':
      // hasOwn: a trait called "constructor" is a trait, never something inherited.
      return bounded(expression, Object.hasOwn(user.traits, node.key) ? (user.traits[node.key] ?? []) : [])
    case 'union':
      return bounded(
        expression,
        node.parts.flatMap((part) => inner(part)),
      )
    case 'remove': {
      const unwanted = new Set(node.parts.flatMap((part) => inner(part)))
      return inner(node.from).filter((value) => !unwanted.has(value))
    }
    case 'ifelse':
      return inner(holds(expression, node.condition, user) ? node.then : node.otherwise)
    case 'upper':
      return bounded(
        expression,
        inner(node.of).map((value) => value.toUpperCase()),
      )
    case 'lower':
      return bounded(
        expression,
        inner(node.of).map((value) => value.toLowerCase()),
      )
    case 'emailLocal':
      // A value that is no address has no local part: it is left out.
      return bounded(
        expression,
        inner(node.of)
          .filter((value) => value.lastIndexOf('@') > 0)
          .map((value) => value.slice(0, value.lastIndexOf('@'))),
      )
    case 'replaceAll':
      return bounded(expression, replaceAll(expression, inner(node.of), node.from, node.to))
    case 'split':
      return bounded(
        expression,
        inner(node.of).flatMap((value) => value.split(node.separator)),
      )
    default:
      return assertNever(node)
  }
}

function holds(expression: Expression, condition: Condition, user: User): boolean {
  switch (condition.kind) {
    case 'contains': {
      const all = new Set(evaluate(expression, condition.all, user))
      const wanted = evaluate(expression, condition.wanted, user)
      // "Contains nothing" is asked only by mistake, e.g. with a missing trait: it must not open anything.
      return wanted.length > 0 && wanted.every((value) => all.has(value))
    }
    case 'equal': {
      const left = evaluate(expression, condition.left, user)
      const right = new Set(evaluate(expression, condition.right, user))
      return left.length === right.size && left.every((value) => right.has(value))
    }
    case 'not':
      return !holds(expression, condition.of, user)
    case 'and':
      return holds(expression, condition.left, user) && holds(expression, condition.right, user)
    case 'or':
      return holds(expression, condition.left, user) || holds(expression, condition.right, user)
    default:
      return assertNever(condition)
  }
}

/** The sizes are known before the texts are built: a growing replacement is refused without being made. */
function replaceAll(
  expression: Expression,
  values: readonly string[],
  from: string,
  to: string,
): readonly string[] {
  const pieces = values.map((value) => value.split(from))
  const characters = pieces.reduce(
    (sum, parts, i) => sum + (values[i]?.length ?? 0) + (parts.length - 1) * (to.length - from.length),
    0,
  )
  assertSize(expression, values.length, characters)
  return pieces.map((parts) => parts.join(to))
}

function bounded(expression: Expression, values: readonly string[]): readonly string[] {
  const unique = [...new Set(values)]
  assertSize(
    expression,
    unique.length,
    unique.reduce((sum, value) => sum + value.length, 0),
  )
  return unique
}

function assertSize(expression: Expression, values: number, characters: number): void {
  if (values <= expressionLimits.values && characters <= expressionLimits.characters) return
  throw expressionError(
    expression.field,
    undefined,
    `the result for this user has ${values} values and ${characters} characters, ` +
      `at most ${expressionLimits.values} and ${expressionLimits.characters} are allowed`,
  )
}
