/**
 * @module Names that others chose (accounts, people, groups in AWS) as one line that reads as it is written: without
 * control characters, line breaks and marks that reorder or hide text. Names of accounts and units are made so where
 * they are read; those of users and groups are compared with ours and stay exact, so every display does it.
 */

/** Each such character as U+FFFD, so that it is seen that something was there. */
export function visibleText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu, '\u{fffd}')
}

/** Members of answers that stay as they came: those that are sent back, and the script of ours with its lines. */
const exact = new Set(['key', 'heldDigest', 'nextCursor', 'awsCleanup'])

/** The same answer of the gateway with every text in it fit to be shown. */
export function visibleAnswer<T>(answer: T): T {
  // The form stays: texts become texts, and every other value stays what it is.
  return visibleValue(answer) as T
}

function visibleValue(value: unknown): unknown {
  if (typeof value === 'string') return visibleText(value)
  if (Array.isArray(value)) return value.map(visibleValue)
  if (typeof value !== 'object' || value === null) return value
  // Made by entries, so that a member named `__proto__` is one like others.
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, exact.has(name) ? member : visibleValue(member)]),
  )
}
