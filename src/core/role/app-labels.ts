/**
 * @module What the labels of an application mean to one v8 role: `app_labels` and `app_labels_expression` together. In
 * allow both have to match where both are set, and one that is set alone counts alone; in deny either one denies. An
 * expression that cannot be evaluated denies in deny and does not allow in allow.
 */
import type { PredicateSubject } from '../expression/predicate.js'
import type { Traits } from '../user/user.js'
import { compileRole } from './compiled-role.js'
import { judgeCondition, type Condition } from './condition.js'
import { roleReason, type Reason } from './decision.js'
import { matchSelector, type CompiledSelector } from './label-selector.js'
import type { Labels, Role } from './role.js'

/** The application, the person, and how messages name the application. */
export interface LabelledSubject {
  readonly labels: Labels
  readonly traits: Traits
  readonly predicate: PredicateSubject
  readonly name: string
}

export interface LabelJudgement {
  readonly verdict: 'allow' | 'deny' | 'no_match'
  readonly reason: Reason
}

const labelsRule = 'app_labels'
const expressionRule = 'app_labels_expression'

/** Denial first, then whether the role allows. */
export function judgeRoleLabels(role: Role, subject: LabelledSubject): LabelJudgement {
  const { allowLabels, denyLabels, allowExpression, denyExpression } = compileRole(role)
  const answer = (verdict: LabelJudgement['verdict'], rule: string, says: string): LabelJudgement => ({
    verdict,
    reason: roleReason(role, rule, verdict, says),
  })

  const denying = match(denyLabels, subject)
  if (denying.matches) return answer('deny', labelsRule, `denies it: deny.app_labels ${denying.says}`)
  if (denyExpression !== undefined) {
    const { holds, failed, says } = judgeCondition(denyExpression, subject.predicate)
    if (holds || failed)
      return answer('deny', expressionRule, `denies it by deny.app_labels_expression: ${says}`)
  }

  const expression = allowExpression === undefined ? undefined : judge(allowExpression, subject)
  // An expression without app_labels counts alone; without both, the selector's own words say that it is empty.
  const isAlone = expression !== undefined && allowLabels.keys.length === 0
  const allowing = isAlone ? undefined : match(allowLabels, subject)
  if (allowing?.matches === false)
    return answer('no_match', labelsRule, `does not allow it: app_labels ${allowing.says}`)
  if (expression?.matches === false) {
    return answer(
      'no_match',
      expressionRule,
      `does not allow it by app_labels_expression: ${expression.says}`,
    )
  }
  const parts = [
    ...(allowing === undefined ? [] : [`app_labels ${allowing.says}`]),
    ...(expression === undefined ? [] : [`app_labels_expression holds: ${expression.says}`]),
  ]
  return answer('allow', isAlone ? expressionRule : labelsRule, `allows it: ${parts.join(', and ')}`)
}

function match(selector: CompiledSelector, { labels, traits, name }: LabelledSubject) {
  return matchSelector(selector, labels, traits, name)
}

function judge(condition: Condition, subject: LabelledSubject) {
  const { holds, says } = judgeCondition(condition, subject.predicate)
  return { matches: holds, says }
}
