/**
 * @module The small language of `attribute_mapping`: an expression over one user that yields a set of texts. It is
 * parsed by jsep in `parse.ts` into the closed tree below and walked by `evaluate.ts`; nothing is ever handed to a
 * JavaScript evaluator, no property of an object is reached by a name from the text, and length, size of the tree and
 * size of every intermediate result are bounded. There are two kinds of value only, so that an expression is either
 * right for every user or refused when it is written: `Values` (an ordered set of texts; a name or a literal is a set
 * of one) and `Condition` (true or false, allowed only inside `ifelse`).
 */
import type { GatewayError } from '../error.js'
import { syntaxError, type Grammar } from './syntax.js'

export type Values =
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'name' }
  | { readonly kind: 'roles' }
  | { readonly kind: 'trait'; readonly key: string }
  | { readonly kind: 'union'; readonly parts: readonly Values[] }
  | { readonly kind: 'remove'; readonly from: Values; readonly parts: readonly Values[] }
  | {
      readonly kind: 'ifelse'
      readonly condition: Condition
      readonly then: Values
      readonly otherwise: Values
    }
  | { readonly kind: 'upper' | 'lower' | 'emailLocal'; readonly of: Values }
  | { readonly kind: 'replaceAll'; readonly of: Values; readonly from: string; readonly to: string }
  | { readonly kind: 'split'; readonly of: Values; readonly separator: string }

export type Condition =
  | { readonly kind: 'contains'; readonly all: Values; readonly wanted: Values }
  | { readonly kind: 'equal'; readonly left: Values; readonly right: Values }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }

/** A parsed expression: safe to evaluate for any user. */
export interface Expression {
  readonly text: string
  /** Where the expression stands, for error messages. */
  readonly field: string
  readonly root: Values
}

export const expressionLimits = {
  /** Characters of the text. */
  length: 1024,
  /** Nodes of the tree. */
  nodes: 200,
  /** Brackets and operators within each other: as many as the text has room for. */
  depth: 1024,
  /** Values in any result, intermediate ones included. */
  values: 1000,
  /** Characters of all values of any result together. */
  characters: 65_536,
} as const

/** What may be written, for the end of every error message. */
export const expressionHelp =
  'an expression is made of uid, user.metadata.name, eduPersonAffiliation, user.spec.roles, user.spec.traits.NAME, ' +
  '"texts", .add() .remove() .contains(), set() union() ifelse() strings.upper() strings.lower() ' +
  'strings.replaceall() strings.split() email.local(), and == != && || !'

/** What an expression is about: a user, or what an upstream says of somebody who signs in. */
export type ExpressionScope = 'user' | 'external'

const traitHelp =
  'an expression is made of external.NAME or external["NAME"], "texts", .add() .remove() .contains(), set() union() ' +
  'ifelse() strings.upper() strings.lower() strings.replaceall() strings.split() email.local(), and == != && || !'

export const expressionGrammar: Grammar = { limits: expressionLimits, help: expressionHelp }
export const traitGrammar: Grammar = { limits: expressionLimits, help: traitHelp }

/** `position` counts characters from 1; undefined where the fault has no single place. */
export function expressionError(field: string, position: number | undefined, problem: string): GatewayError {
  return syntaxError(field, position, problem, expressionHelp)
}
