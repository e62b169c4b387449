/**
 * @module `regexp.replace` of templates and expressions: Go's `Expand` on RE2, so that roles keep their meaning.
 */
import type { RE2JS } from 're2js'

/**
 * Every match replaced, or undefined without a match. A `$1`, `${1}`, `$name`, `${name}` of the replacement is the
 * group, `$$` a dollar. The result is at most (value + 1) x replacement long.
 */
export function replaceMatches(value: string, regex: RE2JS, replacement: string): string | undefined {
  const matcher = regex.matcher(value)
  let result = ''
  let done = 0
  let found = false
  while (matcher.find()) {
    found = true
    result += value.slice(done, matcher.start()) + expandGroups(replacement, regex, matcher)
    done = matcher.end()
  }
  return found ? result + value.slice(done) : undefined
}

/** The replacement for the first match alone, without the text around it; undefined without a match. */
export function expandMatch(value: string, regex: RE2JS, replacement: string): string | undefined {
  const matcher = regex.matcher(value)
  return matcher.find() ? expandGroups(replacement, regex, matcher) : undefined
}

function expandGroups(replacement: string, regex: RE2JS, matcher: ReturnType<RE2JS['matcher']>): string {
  return expandReplacement(replacement, (name) => {
    // A group that does not exist is empty text, as in Go's Expand.
    if (/^\d{1,4}$/.test(name)) return Number(name) <= matcher.groupCount() ? matcher.group(Number(name)) : ''
    return Object.hasOwn(regex.namedGroups(), name) ? matcher.group(name) : ''
  })
}

/** A name is as long as its letters, digits and underscores go. */
function expandReplacement(replacement: string, group: (name: string) => string | null): string {
  return replacement.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (_, bare?: string, braced?: string) => {
    const name = bare ?? braced
    return name === undefined ? '$' : (group(name) ?? '')
  })
}
