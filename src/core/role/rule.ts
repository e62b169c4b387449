/**
 * @module Matching of `rules`: resources and verbs by name or `*`, and `where`. `read` contains `readnosecrets`.
 */
import type { User } from '../user/user.js'
import { conditionOf, judgeCondition } from './condition.js'
import type { Right } from './right.js'
import type { Rule } from './role.js'

/** What conditions are decided for; without a resource those that ask for it stay open. */
export interface RightContext {
  readonly user?: Pick<User, 'name' | 'roles' | 'traits'> | undefined
  /** The document of the resource; of a change, each of the documents before and after it by itself. */
  readonly resource?: unknown
}

/** What one rule that covers a right says of it. */
export interface RuleAnswer {
  /** `open`: it depends on a resource that is not given. */
  readonly verdict: 'holds' | 'fails' | 'open' | 'unanswerable'
  /** The condition or what became of it, in words; undefined for a rule without one. */
  readonly says: string | undefined
}

/** The answers of all rules that cover the right, in their order. */
export function judgeRules(rules: readonly Rule[], right: Right, context: RightContext): RuleAnswer[] {
  return rules.filter((rule) => coversRight(rule, right)).map((rule) => judgeRule(rule, context))
}

/** The verdict of a rule that covers the right, without words. */
export function judgeQuietly(rule: Rule, context: RightContext): RuleAnswer['verdict'] {
  return judgeRule(rule, context, { words: false }).verdict
}

function judgeRule(rule: Rule, context: RightContext, options?: { readonly words: boolean }): RuleAnswer {
  const condition = conditionOf(rule)
  if (condition === undefined) return { verdict: 'holds', says: undefined }
  if (context.resource === undefined && 'predicate' in condition) {
    const { reads } = condition.predicate
    const isOpen = reads.has('resource') || (reads.has('user') && context.user === undefined)
    if (isOpen) return { verdict: 'open', says: rule.where }
  }
  const { holds, failed, says } = judgeCondition(condition, context, options)
  return { verdict: failed ? 'unanswerable' : holds ? 'holds' : 'fails', says }
}

/** Whether the rule is about the right; not whether its condition holds. */
export function coversRight({ resources, verbs }: Rule, { resource, verb }: Right): boolean {
  return (
    includesOrAny(resources, resource) &&
    (includesOrAny(verbs, verb) || (verb === 'readnosecrets' && verbs.includes('read')))
  )
}

function includesOrAny(names: readonly string[], name: string): boolean {
  return names.includes(name) || names.includes('*')
}
