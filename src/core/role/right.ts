/**
 * @module Administrative rights: may these roles do this verb on this kind of resource, or on this very resource. Deny
 * wins, nothing is allowed by default but what {@link rulesForEveryone} lists. A rule with `where` counts only where its
 * condition holds; a deny whose condition cannot be evaluated denies, an allow does not allow. Routes, the command line
 * and the navigation ask here.
 */
import { roleReason, sortReasons, type Decision, type Reason } from './decision.js'
import type { Role, Rule } from './role.js'
import { coversRight, judgeQuietly, judgeRules, type RightContext, type RuleAnswer } from './rule.js'

export type { RightContext } from './rule.js'

/** A verb on a kind of resource, as `rules` of roles write them. */
export interface Right {
  readonly resource: string
  readonly verb: string
}

/** What everyone may do unless a role denies it: see which applications exist. */
export const rulesForEveryone: readonly Rule[] = [
  { resources: ['saml_idp_service_provider'], verbs: ['list', 'read'], where: undefined },
]

type Side = 'allow' | 'deny'

/**
 * Decides one right. With no roles only what everyone may do is allowed. Without a resource the effect is `conditional`
 * where it takes the resource to know: whoever asked has to ask again for each one.
 */
export function decideRight(roles: readonly Role[], right: Right, context: RightContext = {}): Decision {
  const words = `${right.verb} on ${right.resource}`
  const reasons: Reason[] = []
  const weigh = (side: Side) => {
    const effects = roles.flatMap((role) =>
      judgeRules(role[side].rules, right, context).map((answer) => {
        const reason = ruleReason(role, side, answer, words)
        reasons.push(reason)
        return reason.effect
      }),
    )
    return { sure: effects.includes(side), open: effects.includes('requires') }
  }
  const denied = weigh('deny')
  const allowed = weigh('allow')
  const forEveryone = judgeRules(rulesForEveryone, right, {}).length > 0

  const decide = (effect: Decision['effect'], because: Decision['because']): Decision => ({
    effect,
    because,
    // Two rules of one role may say the same.
    reasons: sortReasons([...new Map(reasons.map((reason) => [reason.says, reason])).values()]),
  })
  if (denied.sure) return decide('deny', 'denied_by_rule')
  if (!allowed.sure && !allowed.open && !forEveryone) {
    const says = `No role has a rule that allows ${words}${reasons.length > 0 ? ' here' : ''}.`
    reasons.push({ rule: 'rules', effect: 'no_match', says })
    return decide('deny', 'no_rule_matches')
  }
  if (!allowed.sure && forEveryone) {
    const says = `Everyone may ${words} unless a role denies it.`
    reasons.push({ rule: 'rules', effect: 'allow', says })
  }
  if (denied.open || !(allowed.sure || forEveryone)) return decide('conditional', 'depends_on_resource')
  return decide('allow', allowed.sure ? 'allowed_by_rule' : 'allowed_for_everyone')
}

/** `silent`: nothing allows it and nothing denies it. */
export type RightVerdict = 'allow' | 'deny' | 'conditional' | 'silent'

/**
 * What {@link decideRight} decides, without words: for thousands of resources at once, of which each is asked about by
 * itself. Without a resource `conditional` also where only a denial hangs on it.
 */
export function rightJudge(roles: readonly Role[], right: Right): (context: RightContext) => RightVerdict {
  const covering = (side: Side) =>
    roles.flatMap((role) => role[side].rules.filter((rule) => coversRight(rule, right)))
  const [denying, allowing] = [covering('deny'), covering('allow')]
  const forEveryone = rulesForEveryone.some((rule) => coversRight(rule, right))
  return (context) => {
    let mayDeny = false
    for (const rule of denying) {
      const verdict = judgeQuietly(rule, context)
      // What cannot be answered denies, and allows nothing.
      if (verdict === 'holds' || verdict === 'unanswerable') return 'deny'
      if (verdict === 'open') mayDeny = true
    }
    let isAllowed = forEveryone
    let mayAllow = false
    for (const rule of allowing) {
      if (isAllowed) break
      const verdict = judgeQuietly(rule, context)
      if (verdict === 'holds') isAllowed = true
      if (verdict === 'open') mayAllow = true
    }
    if (isAllowed) return mayDeny ? 'conditional' : 'allow'
    return mayDeny || mayAllow ? 'conditional' : 'silent'
  }
}

/** One answer of {@link rightJudge}. */
export function judgeRight(roles: readonly Role[], right: Right, context: RightContext): RightVerdict {
  return rightJudge(roles, right)(context)
}

function ruleReason(role: Role, side: Side, answer: RuleAnswer, words: string): Reason {
  const [does, doesNot] = side === 'allow' ? ['allows', 'does not allow'] : ['denies', 'does not deny']
  const { verdict, says } = answer
  switch (verdict) {
    case 'holds':
      return roleReason(role, 'rules', side, `${does} ${words}${says === undefined ? '' : ` here: ${says}`}`)
    case 'open':
      return roleReason(role, 'rules', 'requires', `${does} ${words} only where ${says ?? ''}`)
    case 'fails':
      return roleReason(role, 'rules', 'no_match', `${doesNot} ${words} here: ${says ?? ''}`)
    case 'unanswerable': {
      const why = `its "where" ${(says ?? '').replace(/^it /, '')}`
      if (side === 'deny') return roleReason(role, 'rules', 'deny', `denies ${words}, for ${why}`)
      return roleReason(role, 'rules', 'no_match', `does not allow ${words}, for ${why}`)
    }
  }
}

/** Whether the same rules decide on both, so that what is decided on one holds for the other. */
export function sameRules(roles: readonly Role[], one: Right, other: Right): boolean {
  const rules = [rulesForEveryone, ...roles.flatMap(({ allow, deny }) => [allow.rules, deny.rules])]
  return rules.every((of) => of.every((rule) => coversRight(rule, one) === coversRight(rule, other)))
}

/** Those of the rights that the roles allow for every resource, in the given order. */
export function listRights<R extends Right>(
  roles: readonly Role[],
  rights: readonly R[],
  context: RightContext = {},
): R[] {
  return rights.filter((right) => decideRight(roles, right, context).effect === 'allow')
}

/** Those of the rights that the roles allow, if only for some resources. */
export function listPossibleRights<R extends Right>(
  roles: readonly Role[],
  rights: readonly R[],
  context: RightContext = {},
): R[] {
  return rights.filter((right) => decideRight(roles, right, context).effect !== 'deny')
}

/** `resource:verb`, the form in which answers list rights. */
export function formatRight(right: Right): string {
  return `${right.resource}:${right.verb}`
}
