/**
 * @module A policy document: read strictly, and judged. What the emulator does not understand is refused when the
 * policy is read (IAM: MalformedPolicyDocument), because a clause that is skipped would allow or deny in silence.
 */
import type { Condition } from './condition.js'
import type { ConditionKeys } from './condition-keys.js'
import { fitsWildcard } from './wildcard.js'

/** Patterns of a statement; `except` is what NotAction and NotResource list. */
export interface Patterns {
  readonly except: boolean
  readonly patterns: readonly string[]
}

/** Who a statement of a trust policy speaks of; `*` in any list is everybody. */
export interface PrincipalPatterns {
  /** Account ids, ARNs of roots, users and roles, or `*`. */
  readonly aws: readonly string[]
  readonly federated: readonly string[]
  readonly service: readonly string[]
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  /** In lower case. */
  readonly actions: Patterns
  /** Absent in trust policies, which stand on their role. */
  readonly resources: Patterns | undefined
  /** Only in trust policies. */
  readonly principals: PrincipalPatterns | undefined
  readonly conditions: readonly Condition[]
}

export interface Policy {
  readonly statements: readonly Statement[]
}

export type Verdict = 'allowed' | 'denied-explicitly' | 'denied'

export interface AccessQuestion {
  /** Such as `sso:ListInstances`. */
  readonly action: string
  /** An ARN, or `*` where the action knows no resources. */
  readonly resource: string
  readonly keys: ConditionKeys
}

/** Explicit denials win over all permissions; what nobody allows is denied. */
export function judge(policies: readonly Policy[], question: AccessQuestion): Verdict {
  let verdict: Verdict = 'denied'
  for (const { statements } of policies) {
    for (const statement of statements) {
      if (!applies(statement, question)) continue
      if (statement.effect === 'Deny') return 'denied-explicitly'
      verdict = 'allowed'
    }
  }
  return verdict
}

/** Whether a statement speaks of the action, the resource and the circumstances; principals are not looked at. */
export function applies(statement: Statement, { action, resource, keys }: AccessQuestion): boolean {
  const { actions, resources, conditions } = statement
  return (
    includes(actions, action.toLowerCase()) &&
    (resources === undefined || includes(resources, resource)) &&
    conditions.every((holds) => holds(keys))
  )
}

function includes({ except, patterns }: Patterns, value: string): boolean {
  return patterns.some((pattern) => fitsWildcard(pattern, value)) !== except
}
