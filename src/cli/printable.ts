/**
 * @module Text for a terminal: what others wrote (names, tampered rows, answers of a server) is shown, never obeyed.
 */

/** Replaces control characters, escape sequences and marks that reorder text; line breaks too unless `multiline`. */
export function printable(text: string, { multiline = false } = {}): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu, (found) =>
    multiline && found === '\n' ? found : '\u{fffd}',
  )
}
