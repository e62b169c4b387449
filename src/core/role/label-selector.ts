/**
 * @module Label selectors (`app_labels`): AND over keys, OR over the values of a key, `'*': '*'` is anything and an
 * empty selector is nothing. A value is a pattern, or a template whose trait values are literal text in it. A key
 * whose templates yield nothing stays and cannot be met: dropping it would widen the selector. The answer says
 * which label decided and what was expected there.
 */
import { isRegexPattern, matchesPieces, parseMatcher, type Matcher } from '../matcher.js'
import type { Traits } from '../user/user.js'
import type { Labels, LabelSelector } from './role.js'
import { expandExpression, isTemplate, parseTemplate, type Template } from './template.js'
import { invalid } from './template-parser.js'

type LabelValue =
  | { readonly kind: 'matcher'; readonly matcher: Matcher }
  | {
      readonly kind: 'template'
      readonly template: Template
      /** The text around the template, split at its stars. */
      readonly before: readonly string[]
      readonly after: readonly string[]
    }

export interface CompiledSelector {
  readonly keys: readonly {
    readonly key: string
    readonly values: readonly LabelValue[]
    /** The accepted values in words. */
    readonly expected: string
  }[]
}

/** Whether the labels match, and in words why, to follow the name of the role: `app_labels ...`. */
export interface SelectorMatch {
  readonly matches: boolean
  readonly says: string
}

/**
 * Parses every value of a selector; `field` names its place in error messages.
 * @throws GatewayError `INVALID_MATCHER`, `INVALID_TEMPLATE`.
 */
export function compileSelector(selector: LabelSelector, field: string): CompiledSelector {
  const keys = Object.entries(selector)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, values]) => ({
      key,
      values: values.map((value) => parseLabelValue(value, `${field}.${key}`)),
      expected: listValues(values),
    }))
  return { keys }
}

/** @throws GatewayError `INVALID_MATCHER`, `INVALID_TEMPLATE`. */
export function parseLabelValue(value: string, field: string): LabelValue {
  if (!isTemplate(value)) return { kind: 'matcher', matcher: parseMatcher(value, field) }
  const template = parseTemplate(value, field)
  // Quoting a value for every place of a regular expression (within [...], after \Q) cannot be done safely.
  if (isRegexPattern(value)) {
    throw invalid(
      field,
      value,
      'a template cannot stand inside ^...$; use regexp.replace in it, or * around it',
    )
  }
  return { kind: 'template', template, before: template.prefix.split('*'), after: template.suffix.split('*') }
}

/** Looks for the labels that the selector wants; `subject` names in words what carries the labels. */
export function matchSelector(
  selector: CompiledSelector,
  labels: Labels,
  traits: Traits,
  subject: string,
): SelectorMatch {
  if (selector.keys.length === 0) return { matches: false, says: 'is empty and matches nothing' }
  for (const { key, values, expected } of selector.keys) {
    if (key === '*' && values.some((value) => value.kind === 'matcher' && value.matcher.kind === 'any'))
      continue
    if (!Object.hasOwn(labels, key)) {
      return {
        matches: false,
        says: `wants the label "${key}" to be ${expected}, and ${subject} has no such label`,
      }
    }
    const actual = labels[key] ?? ''
    if (!values.some((value) => matchesValue(value, actual, traits))) {
      const hint = values.some((value) => value.kind === 'template' && isEmpty(value.template, traits))
        ? ' (a trait without a value)'
        : ''
      return {
        matches: false,
        says: `wants the label "${key}" to be ${expected}${hint}, and ${subject} has "${actual}"`,
      }
    }
  }
  return {
    matches: true,
    says: `matches ${subject} by ${selector.keys.map(({ key, expected }) => `${key}: ${expected}`).join(' and ')}`,
  }
}

function isEmpty(template: Template, traits: Traits): boolean {
  return expandExpression(template.expression, traits).length === 0
}

function matchesValue(value: LabelValue, actual: string, traits: Traits): boolean {
  if (value.kind === 'matcher') return value.matcher.matches(actual)
  return expandExpression(value.template.expression, traits).some((text) =>
    matchesPieces(joinPieces(value.before, text, value.after), actual),
  )
}

/** The role's own text may hold `*`; the trait's value joins the pieces beside it as literal text. */
function joinPieces(before: readonly string[], text: string, after: readonly string[]): string[] {
  const left = before[before.length - 1] ?? ''
  const right = after[0] ?? ''
  return [...before.slice(0, -1), `${left}${text}${right}`, ...after.slice(1)]
}

function listValues(values: readonly string[]): string {
  const shown = values.slice(0, 5).map((value) => `"${value.length > 80 ? `${value.slice(0, 80)}…` : value}"`)
  if (values.length > shown.length) shown.push(`${values.length - shown.length} more`)
  return shown.length === 0 ? 'one of no values' : shown.join(' or ')
}
