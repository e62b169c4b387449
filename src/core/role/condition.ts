/**
 * @module The conditions of a role: `where` of a rule, and `app_labels_expression`. Each is parsed once. One that cannot
 * be parsed or evaluated never allows and never lifts a denial: `holds` is false, `failed` true.
 */
import { GatewayError } from '../error.js'
import { evaluatePredicate } from '../expression/evaluate-predicate.js'
import { parsePredicate } from '../expression/parse-predicate.js'
import type { Predicate, PredicateAnswer, PredicateScope, PredicateSubject } from '../expression/predicate.js'
import type { Rule } from './role.js'

/** A condition after parsing, or why no parser of ours would have let it through. */
export type Condition = { readonly predicate: Predicate } | { readonly problem: string }

export function compileCondition(text: string, field: string, scope: PredicateScope): Condition {
  try {
    return { predicate: parsePredicate(text, field, scope) }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { problem: `it cannot be read: ${error.message}` }
  }
}

/** Whether the condition holds for the subject, and in words why, unless `words` is false. */
export function judgeCondition(
  condition: Condition,
  subject: PredicateSubject,
  options: { readonly words?: boolean } = {},
): PredicateAnswer {
  if ('problem' in condition) return { holds: false, failed: true, says: condition.problem }
  return evaluatePredicate(condition.predicate, subject, options)
}

const known = new WeakMap<Rule, Condition>()

/** The condition of a rule; undefined for a rule that holds always. */
export function conditionOf(rule: Rule): Condition | undefined {
  if (rule.where === undefined) return undefined
  const found = known.get(rule)
  if (found !== undefined) return found
  const condition = compileCondition(rule.where, 'where', 'resource')
  known.set(rule, condition)
  return condition
}
