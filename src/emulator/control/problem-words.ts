/**
 * @module What does not fit about a body, in plain words: what is missing, what it must be, and which name may have been
 * meant. A message that a schema brings itself stays as it is.
 */
import { z } from 'zod'
import { editDistance } from '../edit-distance.js'

const kinds: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
}
/** Names longer than any of ours are near to none of them. */
const longestName = 40
/** Of many wrong names the first few say enough, and the answer stays small. */
const toldNames = 5

/** For `safeParse`; undefined leaves the words to the schema's library. */
export function problemWords(issue: z.core.$ZodRawIssue): string | undefined {
  const rule = ruleOf(issue)
  if (rule === undefined) return undefined
  return issue.input === undefined ? `is missing; it ${rule}` : rule
}

function ruleOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be ${listed(issue.values)}`
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'below' : 'at most'} ${amount(issue.maximum, issue.origin)}`
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty'
      return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${amount(issue.minimum, issue.origin)}`
    case 'unrecognized_keys':
      return unknownNames(issue.keys, issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [])
    case 'invalid_union':
      return literalsOf(issue.errors)
    default:
      return undefined
  }
}

function amount(bound: number | bigint, origin: string): string {
  return origin === 'string' ? `${bound} characters long` : String(bound)
}

/** For a choice among fixed values, of which each alternative allows some. */
function literalsOf(alternatives: readonly (readonly z.core.$ZodIssue[])[]): string | undefined {
  const values = alternatives.flat().map((issue) => (issue.code === 'invalid_value' ? issue.values : []))
  return values.length > 0 && values.every((some) => some.length > 0)
    ? `must be ${listed(values.flat())}`
    : undefined
}

function listed(values: readonly unknown[]): string {
  const words = values.map(String)
  const last = words.pop() ?? ''
  return words.length === 0 ? last : `${words.join(', ')} or ${last}`
}

function unknownNames(names: readonly string[], known: readonly string[]): string {
  return names
    .slice(0, toldNames)
    .map((name) => {
      const near = known
        .filter(
          (one) =>
            name.length <= longestName &&
            editDistance(name.toLowerCase(), one.toLowerCase()) <= one.length / 3,
        )
        .toSorted()
      const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `known are ${known.join(', ')}`
      return `nothing is called "${name.slice(0, longestName)}"; ${hint}`
    })
    .join('; ')
}
