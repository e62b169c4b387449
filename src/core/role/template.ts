/**
 * @module Templates in roles: `{{external.team}}`, with text around it and functions inside. One template yields
 * one value for each value of the trait, or none: a user without the trait, a value without an `@` in
 * `email.local`, a value that `regexp.replace` does not match. What a trait brings is data: a `*` or `^...$` in
 * its value is that text and never a pattern, so that no attribute from a directory can widen a role. `internal`
 * and `external` read the same traits; both words are known so that existing roles keep their meaning.
 */
import { assertNever } from '../error.js'
import { compileRegex } from '../matcher.js'
import { replaceMatches } from '../replace.js'
import { listTrait } from '../trait.js'
import type { Traits } from '../user/user.js'
import { parseExpression, splitTemplate } from './template-parser.js'

export type TemplateExpression =
  | { readonly kind: 'trait'; readonly namespace: 'internal' | 'external'; readonly name: string }
  | { readonly kind: 'email.local'; readonly of: TemplateExpression }
  | {
      readonly kind: 'regexp.replace'
      readonly of: TemplateExpression
      readonly pattern: string
      readonly replacement: string
    }

export interface Template {
  /** As written, with the braces. */
  readonly text: string
  readonly prefix: string
  readonly suffix: string
  readonly expression: TemplateExpression
}

/** Whether a text has to be read by {@link parseTemplate}. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('}}')
}

/**
 * Parses text with exactly one `{{...}}` in it; `field` names its place in error messages.
 * @throws GatewayError `INVALID_TEMPLATE`, or `INVALID_MATCHER` for the pattern of `regexp.replace`.
 */
export function parseTemplate(text: string, field: string): Template {
  const { prefix, inside, suffix } = splitTemplate(text, field)
  const expression = parseExpression(inside, text, field)
  checkPatterns(expression, field)
  return { text, prefix, suffix, expression }
}

function checkPatterns(expression: TemplateExpression, field: string): void {
  if (expression.kind === 'trait') return
  if (expression.kind === 'regexp.replace') compileRegex(expression.pattern, field)
  checkPatterns(expression.of, field)
}

/** What the expression between the braces yields for these traits: no empty value, no value twice. */
export function expandExpression(expression: TemplateExpression, traits: Traits): readonly string[] {
  switch (expression.kind) {
    case 'trait':
      return tidy(listTrait(traits, expression.name))
    case 'email.local':
      return tidy(expandExpression(expression.of, traits).map(takeEmailLocal))
    case 'regexp.replace': {
      const regex = compileRegex(expression.pattern, 'regexp.replace')
      const values = expandExpression(expression.of, traits)
      return tidy(values.map((value) => replaceMatches(value, regex, expression.replacement)))
    }
    default:
      return assertNever(expression)
  }
}

/** The values of a whole template, with the text around it. */
export function expandTemplate(template: Template, traits: Traits): readonly string[] {
  return expandExpression(template.expression, traits).map(
    (value) => `${template.prefix}${value}${template.suffix}`,
  )
}

/** Without empty and repeated values. Most traits have one or two values: comparing beats building a set. */
function tidy(values: readonly (string | undefined)[]): string[] {
  const kept: string[] = []
  const seen = values.length > 16 ? new Set<string>() : undefined
  for (const value of values) {
    if (value === undefined || value === '' || (seen?.has(value) ?? kept.includes(value))) continue
    seen?.add(value)
    kept.push(value)
  }
  return kept
}

function takeEmailLocal(address: string): string | undefined {
  const at = address.lastIndexOf('@')
  return at > 0 && at < address.length - 1 ? address.slice(0, at) : undefined
}
