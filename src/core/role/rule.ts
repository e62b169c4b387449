/**
 * @module Matching of `rules`: resources and verbs by name or `*`. `read` contains `readnosecrets`.
 */
import type { Right } from './right.js'
import type { Rule } from './role.js'

/** The first of the rules that covers the right. */
export function findRule(rules: readonly Rule[], right: Right): Rule | undefined {
  return rules.find(
    ({ resources, verbs }) => includesOrAny(resources, right.resource) && coversVerb(verbs, right.verb),
  )
}

function coversVerb(verbs: readonly string[], verb: string): boolean {
  return includesOrAny(verbs, verb) || (verb === 'readnosecrets' && verbs.includes('read'))
}

function includesOrAny(names: readonly string[], name: string): boolean {
  return names.includes(name) || names.includes('*')
}
