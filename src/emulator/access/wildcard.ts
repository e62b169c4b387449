/**
 * @module Wildcards of policies: `*` for any text, `?` for one character. No regular expressions: a pattern comes from
 * strangers, and its time must not explode.
 */

/** Whether the whole of `text` fits `pattern`, case counting; at most their lengths multiplied in steps. */
export function fitsWildcard(pattern: string, text: string): boolean {
  let at = 0
  let inPattern = 0
  // Where to go on when a later character does not fit: the last star, and the text that it has swallowed so far.
  let star = -1
  let swallowed = 0
  while (at < text.length) {
    const wanted = pattern[inPattern]
    // The star first: a text may hold one, too.
    if (wanted === '*') {
      star = inPattern++
      swallowed = at
    } else if (wanted === '?' || wanted === text[at]) {
      inPattern++
      at++
    } else if (star >= 0) {
      inPattern = star + 1
      at = ++swallowed
    } else {
      return false
    }
  }
  while (pattern[inPattern] === '*') inPattern++
  return inPattern === pattern.length
}
