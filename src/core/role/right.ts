/**
 * @module Administrative rights: may these roles do this verb on this kind of resource. Deny wins, nothing is
 * allowed by default but what {@link rulesForEveryone} lists. Routes, the command line and the navigation ask here.
 */
import { roleReason, sortReasons, type Decision, type Reason } from './decision.js'
import type { Role, Rule } from './role.js'
import { findRule } from './rule.js'

/** A verb on a kind of resource, as `rules` of roles write them. */
export interface Right {
  readonly resource: string
  readonly verb: string
}

/** What everyone may do unless a role denies it: see which applications exist. */
export const rulesForEveryone: readonly Rule[] = [
  { resources: ['saml_idp_service_provider'], verbs: ['list', 'read'] },
]

/** Decides one right. With no roles only what everyone may do is allowed. */
export function decideRight(roles: readonly Role[], right: Right): Decision {
  const reasons: Reason[] = []
  const words = `${right.verb} on ${right.resource}`
  for (const role of roles) {
    if (findRule(role.deny.rules, right)) reasons.push(roleReason(role, 'rules', 'deny', `denies ${words}`))
    if (findRule(role.allow.rules, right)) reasons.push(roleReason(role, 'rules', 'allow', `allows ${words}`))
  }
  const denied = reasons.some(({ effect }) => effect === 'deny')
  const allowed = reasons.some(({ effect }) => effect === 'allow')
  if (denied) return { effect: 'deny', because: 'denied_by_rule', reasons: sortReasons(reasons) }
  if (allowed) return { effect: 'allow', because: 'allowed_by_rule', reasons: sortReasons(reasons) }
  if (findRule(rulesForEveryone, right)) {
    const says = `Everyone may ${words} unless a role denies it.`
    return {
      effect: 'allow',
      because: 'allowed_for_everyone',
      reasons: [{ rule: 'rules', effect: 'allow', says }],
    }
  }
  const says = `No role has a rule that allows ${words}.`
  return {
    effect: 'deny',
    because: 'no_rule_matches',
    reasons: [{ rule: 'rules', effect: 'no_match', says }],
  }
}

/** Those of the rights that the roles allow, in the given order. */
export function listRights<R extends Right>(roles: readonly Role[], rights: readonly R[]): R[] {
  return rights.filter((right) => decideRight(roles, right).effect === 'allow')
}

/** `resource:verb`, the form in which answers list rights. */
export function formatRight(right: Right): string {
  return `${right.resource}:${right.verb}`
}
