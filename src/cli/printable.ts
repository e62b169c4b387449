/**
 * @module Text for a terminal: what others wrote (names, tampered rows, answers of a server) is shown, never obeyed.
 */

import { visibleText } from '../core/visible-text.js'

/** Replaces control characters, escape sequences and marks that reorder text; line breaks too unless `multiline`. */
export function printable(text: string, { multiline = false } = {}): string {
  return multiline ? text.split('\n').map(visibleText).join('\n') : visibleText(text)
}
