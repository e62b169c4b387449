/** @module Puts the right name where a wrong one was pasted. */

/** What stands between names. */
const edge = /[\s,;<>"]/

/** Every place where `wrong` stands as a whole name. */
export function replaceName(text: string, wrong: string, right: string): string {
  if (wrong === '') return text
  let done = ''
  let at = 0
  for (;;) {
    const found = text.indexOf(wrong, at)
    if (found < 0) return done + text.slice(at)
    const end = found + wrong.length
    const isWhole =
      (found === 0 || edge.test(text.charAt(found - 1))) &&
      (end === text.length || edge.test(text.charAt(end)))
    done += text.slice(at, found) + (isWhole ? right : wrong)
    at = end
  }
}
