/**
 * @module Inputs of the Query protocol: flat names with dots become the structure that the shape describes.
 */
import { AwsError } from './error.js'
import type { AnyShape, Parsed } from './shape.js'

/** AWS's lists are shorter than this by far; a stranger's number must not make us count for ever. */
const maxListItems = 1000

/** @throws AwsError `MalformedInput` where a value has another type, a name is there twice, or a part of a member is unknown */
export function readQueryInput<Of extends AnyShape>(shape: Of, form: URLSearchParams): Parsed<Of> {
  const values = new Map<string, string>()
  for (const [name, value] of form) {
    if (values.has(name)) throw malformed(`${name} is there twice`)
    values.set(name, value)
  }
  const used = new Set<string>()
  const input = read(shape, { values, used }, '') ?? {}
  refuseUnread(shape, { values, used })
  return input as Parsed<Of>
}

interface Form {
  readonly values: ReadonlyMap<string, string>
  /** Names that became a part of the input. */
  readonly used: Set<string>
}

/** AWS ignores members that it does not know; a part of a known one must not vanish without a word. */
function refuseUnread(shape: AnyShape, { values, used }: Form): void {
  if (shape.kind !== 'structure') return
  for (const name of values.keys()) {
    const [top = ''] = name.split('.', 1)
    if (used.has(name) || !Object.hasOwn(shape.members, top)) continue
    throw malformed(`${name.slice(0, 128)} is no part of ${top}, or comes after a gap in a list`)
  }
}

function malformed(detail: string): AwsError {
  return new AwsError('MalformedInput', detail)
}

function isScalar({ kind }: AnyShape): boolean {
  return kind === 'string' || kind === 'integer' || kind === 'boolean'
}

/** Undefined where nothing under the prefix is given. */
function read(shape: AnyShape, form: Form, prefix: string): unknown {
  const text = form.values.get(prefix)
  if (text !== undefined && (isScalar(shape) || (shape.kind === 'list' && text === ''))) form.used.add(prefix)
  switch (shape.kind) {
    case 'string':
      return text
    case 'integer':
      if (text === undefined) return undefined
      if (!/^-?\d{1,15}$/.test(text)) throw malformed(`${prefix}: "${text.slice(0, 64)}" is not an integer`)
      return Number(text)
    case 'boolean':
      if (text === undefined) return undefined
      if (text !== 'true' && text !== 'false')
        throw malformed(`${prefix}: "${text.slice(0, 64)}" is not true or false`)
      return text === 'true'
    case 'list':
      // A list that is given but has no members is sent as the bare name.
      return readList(shape.of, form, prefix) ?? (text === '' ? [] : undefined)
    case 'structure': {
      const found: Record<string, unknown> = {}
      for (const [name, member] of Object.entries(shape.members)) {
        const value = read(member.shape, form, prefix === '' ? name : `${prefix}.${name}`)
        if (value !== undefined) found[name] = value
      }
      return Object.keys(found).length === 0 ? undefined : found
    }
    case 'map':
    case 'document':
      throw malformed(`${prefix}: this kind of value does not exist in the Query protocol here`)
  }
}

function readList(of: AnyShape, form: Form, prefix: string): unknown[] | undefined {
  const items: unknown[] = []
  for (let index = 1; index <= maxListItems; index++) {
    const item = read(of, form, `${prefix}.member.${index}`)
    if (item === undefined) return items.length === 0 ? undefined : items
    items.push(item)
  }
  throw malformed(`${prefix} has more than ${maxListItems} members`)
}
