/**
 * @module What is wrong with a value, in our words: an error map for the schemas of documents and of requests. Messages
 * that a schema or a reader gives by itself go before it; whatever else the library finds is said here, so that nobody
 * reads the words of a library.
 */
import type { z } from 'zod'

/** For `schema.safeParse(input, { error: sayProblem })`. Unknown keys are told by who knows which one was meant. */
export function sayProblem(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return sayType(issue)
    case 'invalid_value':
      return sayWord(issue)
    case 'too_small':
      return sayBound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)
    case 'too_big':
      return sayBound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? 'written in another form'}`
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return `${issue.keys.length === 1 ? 'this field is' : 'these fields are'} not known: ${issue.keys.join(', ')}`
    case 'invalid_key':
      return 'has a key that is not allowed here'
    case 'invalid_union':
      return 'has none of the forms that are allowed here'
    default:
      return notAllowed
  }
}

/** Of a field that has to be there. */
export const missing = 'is missing'
const notAllowed = 'is not allowed here'

type RawIssue<C> = Extract<z.core.$ZodRawIssue, { readonly code: C }>

const nouns: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  map: 'a map',
  array: 'a list',
  tuple: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  nan: 'no number',
  boolean: 'true or false',
  null: 'empty',
  undefined: 'missing',
}

const contents: Readonly<Record<string, string>> = {
  object: 'a map of its fields',
  record: 'a map of names to values',
  array: 'a list',
}

function sayType({ expected, input, path }: RawIssue<'invalid_type'>): string {
  const content = contents[expected]
  const field = path?.at(-1)
  const advice = content === undefined || typeof field !== 'string' ? '' : `; write ${field}: with ${content}`
  if (input === undefined) return `${missing}${advice}`
  if (input === null && advice !== '') return `is empty${advice}`
  const wanted = nouns[expected]
  if (wanted === undefined) return notAllowed
  const isOtherNumber = typeof input === 'number' && ['number', 'int'].includes(expected)
  return isOtherNumber ? `must be ${wanted}` : `must be ${wanted}, and is ${nounOf(input)}`
}

function nounOf(input: unknown): string {
  if (input === null) return 'empty'
  if (Array.isArray(input)) return 'a list'
  return nouns[typeof input] ?? 'something else'
}

function sayWord({ values }: RawIssue<'invalid_value'>): string {
  const words = values.map(String)
  return words.length === 1 ? `must be ${words.join('')}` : `must be one of ${words.join(', ')}`
}

const units: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' items',
  set: ' items',
  object: ' fields',
  record: ' fields',
  map: ' fields',
}

function sayBound(origin: string, side: string, bound: number | bigint): string {
  const unit = units[origin]
  if (unit === undefined) return `must be ${side} ${bound}`
  return `must have ${side} ${bound}${bound === 1 ? unit.replace(/s$/, '') : unit}`
}

const formats: Readonly<Record<string, string>> = {
  datetime: 'an instant such as 2027-01-31T08:00:00Z',
  email: 'an e-mail address',
  url: 'a URL',
}
