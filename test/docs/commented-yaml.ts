/**
 * @module Writes an example of a document with a comment on each field: fields that the example has as they are, the
 * others as comments, each with what the kind's own description says of it. So a field that is added to a kind is in the
 * reference, and its words are the ones of the product.
 */
import { stringify } from 'yaml'
import type { JsonSchema } from '../../src/http/openapi/schemas.js'

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }

/** Finds the schema that a name in `$ref` stands for. */
export type FindSchema = (name: string) => JsonSchema

const width = 118

/** Of words that exports write, and that mean another word of the same field: numbers, switches, names of enums. */
const otherSpelling = /^(\d+s?|yes|no|true|false|on|[A-Z_]+_[A-Z_]+|[a-z]+_day_of_month_\w+|USER|LIST)$/

export function writeCommented(schema: JsonSchema, value: Value, find: FindSchema): string {
  return writeMap(schema, value, 0, find).join('\n') + '\n'
}

function writeMap(schema: JsonSchema, value: Value, depth: number, find: FindSchema): string[] {
  const fields = fieldsOf(schema, find)
  const map = isMap(value) ? value : {}
  const unknown = Object.keys(map).filter((name) => !fields.has(name))
  if (unknown.length > 0) throw new TypeError(`the kind knows no field ${unknown.join(', ')}`)
  return [...fields].flatMap(([name, field]) => {
    const given = map[name]
    if (given !== undefined) return writeField(name, field, given, depth, find)
    return isOmitted(name, field) ? [] : [comment(`${pad(depth)}# ${name}:`, field, depth, find)].flat()
  })
}

function writeField(
  name: string,
  field: JsonSchema,
  given: Value,
  depth: number,
  find: FindSchema,
): string[] {
  const start = `${pad(depth)}${name}:`
  if (isMap(given) && fieldsOf(field, find).size > 0) {
    return [...comment(start, field, depth, find), ...writeMap(field, given, depth + 1, find)]
  }
  const [first, ...others] = Array.isArray(given) ? (given as readonly Value[]) : []
  const item = itemOf(field, find)
  if (isMap(first) && item !== undefined) {
    const lines = writeMap(item, first, depth + 2, find)
    const rest = others.flatMap((one) => plain([one], depth + 1))
    return [...comment(start, field, depth, find), ...asItem(lines, depth), ...rest]
  }
  if (isMap(given)) return [...comment(start, field, depth, find), ...plain(given, depth + 1)]
  if (typeof given === 'string' && given.includes('\n')) {
    const lines = given.trimEnd().split('\n')
    return [...comment(`${start} |`, field, depth, find), ...lines.map((line) => pad(depth + 1) + line)]
  }
  return comment(`${start} ${flow(given)}`, field, depth, find)
}

/** The first field goes behind the dash; comments that come before it keep their place. */
function asItem(lines: readonly string[], depth: number): string[] {
  const first = lines.findIndex((line) => !line.trimStart().startsWith('#'))
  return lines.map((line, at) => (at === first ? `${pad(depth + 1)}- ${line.trimStart()}` : line))
}

function plain(value: Value, depth: number): string[] {
  const text = stringify(value, { lineWidth: 0, singleQuote: true, flowCollectionPadding: false })
  return text
    .trimEnd()
    .split('\n')
    .map((line) => pad(depth) + line)
}

function flow(value: Value): string {
  return stringify(value, {
    lineWidth: 0,
    singleQuote: true,
    collectionStyle: 'flow',
    flowCollectionPadding: false,
  }).trim()
}

/** On the same line where it fits, else on the lines before it. */
function comment(line: string, field: JsonSchema, depth: number, find: FindSchema): string[] {
  const says = describe(field, find)
  if (says === '') return [line]
  const beside = `${line}  # ${says}`
  if (beside.length <= width) return [beside]
  return [...wrap(says, width - depth * 2 - 2).map((part) => `${pad(depth)}# ${part}`), line]
}

function wrap(text: string, limit: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > limit) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function describe(field: JsonSchema, find: FindSchema): string {
  const { description } = resolve(field, find)
  const says = typeof description === 'string' ? description : ''
  const words = wordsOf(field, find)
  const listed = words.length > 1 && words.length < 13 && words.some((word) => !says.includes(word))
  return listed ? `${says} [${words.join(', ')}]` : says
}

/** The words that a field may be, without the other spellings that exports have. */
function wordsOf(field: JsonSchema, find: FindSchema): string[] {
  const whole = resolve(field, find)
  const here = [...list(whole['enum']), ...('const' in whole ? [whole['const']] : [])].filter(
    (one): one is string => typeof one === 'string' && one !== '' && !otherSpelling.test(one),
  )
  const item = isSchema(whole['items']) ? wordsOf(whole['items'], find) : []
  return [...new Set([...here, ...item, ...choicesOf(whole).flatMap((one) => wordsOf(one, find))])]
}

/** What documents of other products carry, and what has another, newer name. */
function isOmitted(name: string, { description }: JsonSchema): boolean {
  const says = typeof description === 'string' ? description : ''
  return (
    /[A-Z]/.test(name) ||
    /^(Kept without effect|Only empty|The same, as|Former place|Another word)/.test(says)
  )
}

function fieldsOf(schema: JsonSchema, find: FindSchema): Map<string, JsonSchema> {
  const whole = resolve(schema, find)
  const own = isSchema(whole['properties']) ? Object.entries(whole['properties']) : []
  const fields = own.map(([name, field]) => [name, resolve(field as JsonSchema, find)] as const)
  return new Map([...fields, ...choicesOf(whole).flatMap((one) => [...fieldsOf(one, find)])])
}

function itemOf(schema: JsonSchema, find: FindSchema): JsonSchema | undefined {
  const whole = resolve(schema, find)
  if (isSchema(whole['items'])) return whole['items']
  for (const one of choicesOf(whole)) {
    const item = itemOf(one, find)
    if (item !== undefined && fieldsOf(item, find).size > 0) return item
  }
  return undefined
}

function choicesOf(whole: JsonSchema): JsonSchema[] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((name) => list(whole[name]).filter(isSchema))
}

function resolve(schema: JsonSchema, find: FindSchema): JsonSchema {
  const ref = schema['$ref']
  if (typeof ref !== 'string') return schema
  const { $ref: _, ...beside } = schema
  return { ...resolve(find(ref.split('/').at(-1) ?? ''), find), ...beside }
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isMap(value: Value | undefined): value is { readonly [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function pad(depth: number): string {
  return '  '.repeat(depth)
}
