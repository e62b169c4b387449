/**
 * @module Login rules: what the claims of an upstream are turned into before roles are mapped from them. Each rule is a
 * whole: the traits that it names are all that is left. Several go one after the other, the lowest priority first, each
 * on what the one before left; of the same priority by name.
 */
import { evaluateExpression } from '../expression/evaluate.js'
import type { Expression } from '../expression/expression.js'
import { parseExpression } from '../expression/parse.js'
import { normaliseTraits } from '../trait.js'
import type { Traits } from '../user/user.js'
import type { Claims } from './identity.js'

export interface LoginRule {
  readonly name: string
  readonly priority: number
  /** For each trait the expressions over `external.X` whose values it has, in their order. */
  readonly traitsMap: readonly { readonly trait: string; readonly values: readonly Expression[] }[]
}

export interface AppliedRule {
  readonly name: string
  readonly priority: number
  /** What it left. */
  readonly traits: Traits
}

/** @throws GatewayError `INVALID_EXPRESSION` with the position and what is allowed. */
export function parseTraitExpression(text: string, field: string): Expression {
  return parseExpression(text, field, 'external')
}

/**
 * The traits that the claims become, and the rules in the order in which they were applied. Without a rule all claims
 * are traits.
 * @throws GatewayError `INVALID_EXPRESSION` where a result outgrows the limits.
 */
export function applyLoginRules(
  rules: readonly LoginRule[],
  claims: Claims,
): { readonly traits: Traits; readonly applied: readonly AppliedRule[] } {
  let traits: Traits = normaliseTraits(claims)
  const applied = inOrder(rules).map(({ name, priority, traitsMap }): AppliedRule => {
    const user = { name: '', roles: [], traits, origin: { kind: 'local' } } as const
    const next = traitsMap.map(({ trait, values }) => {
      return [trait, values.flatMap((expression) => evaluateExpression(expression, { user }))] as const
    })
    traits = normaliseTraits(Object.fromEntries(next))
    return { name, priority, traits }
  })
  return { traits, applied }
}

function inOrder(rules: readonly LoginRule[]): LoginRule[] {
  return [...rules].sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1))
}
