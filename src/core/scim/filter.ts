/**
 * @module Filters of SCIM (RFC 7644 section 3.4.2.2): read within bounds, judged in time that grows with filter and
 * resource alone. Text is compared without case where the schema says so. A filter on what no schema has is refused.
 */
import { parseInstant } from '../time.js'
import {
  findAttribute,
  findPlace,
  isObject,
  listOf,
  scimError,
  valuesAt,
  type ScimAttribute,
  type ScimObject,
  type ScimPlace,
  type ScimProblem,
  type ScimType,
} from './schema.js'

const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'] as const
type Operator = (typeof operators)[number]
type Literal = string | number | boolean | null

export type ScimFilter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly ScimFilter[] }
  | { readonly kind: 'not'; readonly part: ScimFilter }
  | {
      readonly kind: 'compare'
      readonly place: ScimPlace
      readonly operator: Operator
      readonly value: Literal
    }
  /** One value of a list that meets all of it: `emails[type eq "work" and value co "@"]`. */
  | { readonly kind: 'some'; readonly place: ScimPlace; readonly filter: ScimFilter }

/** Nobody writes longer ones by hand, and programs of directories ask for one name. */
export const filterLimits = { length: 1000, depth: 10, terms: 30 } as const

/** @throws GatewayError `INVALID_SCIM` (invalidFilter) that says what is wrong. */
export function parseFilter(type: ScimType, text: string): ScimFilter {
  const find = (path: string) => findPlace(type, path)
  return new Parser(tokenise(text, 'invalidFilter'), find, 'invalidFilter').whole()
}

/** The filter within `[…]` of a path: its names are those of the sub-attributes. */
export function parseValueFilter(attribute: ScimAttribute, text: string, problem: ScimProblem): ScimFilter {
  return new Parser(tokenise(text, problem), placeIn(attribute), problem).whole()
}

function placeIn(attribute: ScimAttribute): (path: string) => ScimPlace | undefined {
  return (path) => {
    const found = findAttribute(attribute.subAttributes, path)
    return found && { extension: undefined, attribute: found, sub: undefined }
  }
}

type Token =
  { readonly kind: 'word' | 'mark'; readonly text: string } | { readonly kind: 'text'; readonly text: string }

function tokenise(text: string, problem: ScimProblem): Token[] {
  if (text.length > filterLimits.length) {
    throw scimError(problem, `the filter is longer than ${filterLimits.length} characters`)
  }
  const tokens: Token[] = []
  // Sticky and without alternatives that overlap: one step for each character.
  const pattern = /\s+|([()[\]])|"((?:[^"\\]|\\.)*)"|([^\s()[\]"]+)/suy
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex
    const match = pattern.exec(text)
    if (match === null) throw scimError(problem, `the filter cannot be read from character ${at + 1} on`)
    const [, mark, quoted, word] = match
    if (mark !== undefined) tokens.push({ kind: 'mark', text: mark })
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: unquote(quoted, problem) })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
  }
  return tokens
}

function unquote(inner: string, problem: ScimProblem): string {
  try {
    return JSON.parse(
      `"${inner.replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')}"`,
    ) as string // a JSON string is text
  } catch {
    throw scimError(problem, 'a text in the filter is no JSON string')
  }
}

class Parser {
  readonly #tokens: readonly Token[]
  readonly #find: (path: string) => ScimPlace | undefined
  readonly #problem: ScimProblem
  #at = 0
  #terms = 0

  constructor(tokens: readonly Token[], find: (path: string) => ScimPlace | undefined, problem: ScimProblem) {
    this.#tokens = tokens
    this.#find = find
    this.#problem = problem
  }

  whole(): ScimFilter {
    const filter = this.#or(0, this.#find)
    const left = this.#tokens[this.#at]
    if (left !== undefined) throw this.#wrong(`"${left.text.slice(0, 60)}" was not expected`)
    return filter
  }

  #or(depth: number, find: (path: string) => ScimPlace | undefined): ScimFilter {
    return this.#joined('or', () => this.#joined('and', () => this.#part(depth, find)))
  }

  #joined(kind: 'and' | 'or', next: () => ScimFilter): ScimFilter {
    const parts = [next()]
    while (this.#takeWord(kind)) parts.push(next())
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind, parts }
  }

  #part(depth: number, find: (path: string) => ScimPlace | undefined): ScimFilter {
    if (depth > filterLimits.depth) throw this.#wrong(`it is nested more than ${filterLimits.depth} deep`)
    if (++this.#terms > filterLimits.terms) throw this.#wrong(`it has more than ${filterLimits.terms} parts`)
    if (this.#takeWord('not')) return { kind: 'not', part: this.#part(depth + 1, find) }
    if (this.#takeMark('(')) {
      const inner = this.#or(depth + 1, find)
      if (!this.#takeMark(')')) throw this.#wrong('a ")" is missing')
      return inner
    }
    const token = this.#next()
    if (token?.kind !== 'word') throw this.#wrong('the name of an attribute is missing')
    const place = find(token.text)
    if (place?.attribute === undefined)
      throw this.#wrong(`there is no attribute "${token.text.slice(0, 100)}"`)
    if (this.#takeMark('[')) {
      const filter = this.#or(depth + 1, placeIn(place.attribute))
      if (!this.#takeMark(']')) throw this.#wrong('a "]" is missing')
      return { kind: 'some', place, filter }
    }
    return this.#comparison(place)
  }

  #comparison(place: ScimPlace): ScimFilter {
    const word = this.#next()
    const operator = operators.find((one) => word?.kind === 'word' && one === word.text.toLowerCase())
    if (operator === undefined)
      throw this.#wrong(`a comparison is missing; there are ${operators.join(', ')}`)
    if (operator === 'pr') return { kind: 'compare', place, operator, value: null }
    const token = this.#next()
    if (token === undefined) throw this.#wrong(`a value is missing after "${operator}"`)
    return { kind: 'compare', place, operator, value: this.#literal(token) }
  }

  #literal({ kind, text }: Token): Literal {
    if (kind === 'text') return text
    const lower = text.toLowerCase()
    if (lower === 'true' || lower === 'false') return lower === 'true'
    if (lower === 'null') return null
    if (/^-?\d{1,15}(?:\.\d{1,15})?$/.test(text)) return Number(text)
    throw this.#wrong(`"${text.slice(0, 60)}" is no value; text stands in quotes`)
  }

  #next(): Token | undefined {
    return this.#tokens[this.#at++]
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false
    this.#at += 1
    return true
  }

  #takeMark(mark: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'mark' || token.text !== mark) return false
    this.#at += 1
    return true
  }

  #wrong(why: string): Error {
    return scimError(this.#problem, `the filter is not valid: ${why}`)
  }
}

/** Whether the resource, or the value of a list, meets the filter. */
export function matchesFilter(filter: ScimFilter, resource: ScimObject): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => matchesFilter(part, resource))
    case 'or':
      return filter.parts.some((part) => matchesFilter(part, resource))
    case 'not':
      return !matchesFilter(filter.part, resource)
    case 'some':
      return valuesAt(resource, filter.place).some(
        (value) => isObject(value) && matchesFilter(filter.filter, value),
      )
    case 'compare':
      return compares(filter, resource)
  }
}

function compares(
  { place, operator, value }: Extract<ScimFilter, { kind: 'compare' }>,
  resource: ScimObject,
): boolean {
  const attribute = place.sub ?? place.attribute
  // Of a list of complex values `value` is meant where nothing else is said.
  const values = valuesAt(resource, place).flatMap((one) =>
    isObject(one) ? listOf('value' in one ? one['value'] : operator === 'pr' ? true : undefined) : [one],
  )
  const caseExact = attribute?.type === 'complex' ? false : (attribute?.caseExact ?? false)
  if (operator === 'pr') return values.some((one) => one !== '')
  if (value === null) return (operator === 'ne') === values.length > 0
  if (operator === 'ne') return !values.some((one) => isEqual(one, value, caseExact))
  return values.some((one) => meets(one, operator, value, caseExact))
}

function meets(
  actual: unknown,
  operator: Exclude<Operator, 'pr' | 'ne'>,
  wanted: string | number | boolean,
  caseExact: boolean,
): boolean {
  if (operator === 'eq') return isEqual(actual, wanted, caseExact)
  if (typeof actual === 'number' && typeof wanted === 'number') return isOrdered(actual - wanted, operator)
  if (typeof actual !== 'string' || typeof wanted !== 'string') return false
  const one = fold(actual, caseExact)
  const other = fold(wanted, caseExact)
  switch (operator) {
    case 'co':
      return one.includes(other)
    case 'sw':
      return one.startsWith(other)
    case 'ew':
      return one.endsWith(other)
    default: {
      const [from, to] = [parseInstant(actual), parseInstant(wanted)]
      const order =
        from !== undefined && to !== undefined ? from - to : one < other ? -1 : one > other ? 1 : 0
      return isOrdered(order, operator)
    }
  }
}

function isOrdered(order: number, operator: string): boolean {
  switch (operator) {
    case 'gt':
      return order > 0
    case 'ge':
      return order >= 0
    case 'lt':
      return order < 0
    case 'le':
      return order <= 0
    default:
      return false
  }
}

/** Entra writes booleans as text. */
function isEqual(actual: unknown, wanted: string | number | boolean, caseExact: boolean): boolean {
  if (typeof actual === 'boolean' && typeof wanted === 'string')
    return String(actual) === wanted.toLowerCase()
  if (typeof actual !== 'string' || typeof wanted !== 'string') return actual === wanted
  return fold(actual, caseExact) === fold(wanted, caseExact)
}

function fold(text: string, caseExact: boolean): string {
  return caseExact ? text : text.toLowerCase()
}

/**
 * What must be equal for the filter to hold: `userName eq "a"` with anything that is and-ed to it. The store looks up by
 * it; the filter is asked all the same.
 */
export function equalities(
  filter: ScimFilter,
): readonly { readonly name: string; readonly value: Literal }[] {
  if (filter.kind === 'and') return filter.parts.flatMap(equalities)
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return []
  const { extension, attribute, sub } = filter.place
  if (extension !== undefined || sub !== undefined || attribute === undefined) return []
  return [{ name: attribute.name, value: filter.value }]
}
