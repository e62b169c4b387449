/**
 * @module The reason that one comparison gives, for an administrator: what the names in it are, and what the expression
 * wants of them.
 */
import type { Comparison, Term } from './predicate.js'

/** A name that was read, with its values. */
export interface Fact {
  readonly written: string
  readonly values: readonly string[]
}

/**
 * `labels["env"] is "prod", and the expression wants "staging"`. `wanted` is what the whole expression needs of the
 * comparison; false where it stands under a `!`.
 */
export function describeComparison(
  comparison: Comparison,
  facts: readonly Fact[],
  holds: boolean,
  wanted: boolean,
): string {
  const found = facts
    .map(({ written, values }) => `${shorten(written, 120)} ${describeValues(values)}`)
    .join(' and ')
  const fact = found === '' ? 'it compares fixed texts' : found
  if (holds && wanted) return `${fact}, as the expression wants`
  const texts =
    comparison.kind === 'equal' ? (fixedTexts(comparison.right) ?? fixedTexts(comparison.left)) : undefined
  const wish = texts === undefined ? shorten(comparison.written, 200) : listQuoted(texts)
  if (wanted) return `${fact}, and the expression wants ${wish}`
  return `${fact}, and the expression wants ${texts === undefined ? `!(${wish})` : `anything but ${wish}`}`
}

function describeValues(values: readonly string[]): string {
  return values.length === 0 ? 'has no value' : `is ${listQuoted(values)}`
}

function listQuoted(values: readonly string[]): string {
  const shown = values.slice(0, 5).map((value) => `"${shorten(value, 80)}"`)
  if (values.length > shown.length) shown.push(`${values.length - shown.length} more`)
  return shown.join(', ')
}

/** The texts of a side that holds no name. */
function fixedTexts(term: Term): readonly string[] | undefined {
  if (term.kind === 'text') return [term.value]
  if (term.kind !== 'union') return undefined
  const parts = term.parts.map(fixedTexts)
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
