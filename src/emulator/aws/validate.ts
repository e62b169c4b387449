/**
 * @module Values against shapes: first their types (a SerializationException, as AWS's framework answers before any
 * rule is looked at), then their constraints, all of them at once, in the framework's words.
 */
import { AwsError } from './error.js'
import type { AnyShape, Parsed, StringShape, StructureShape } from './shape.js'

/**
 * Checks the types of a JSON value and leaves out members that the shape does not have.
 * @throws AwsError `SerializationException`
 */
export function readTypes<Of extends AnyShape>(shape: Of, value: unknown, at = ''): Parsed<Of> {
  return readValue(shape, value, at) as Parsed<Of>
}

function readValue(shape: AnyShape, value: unknown, at: string): unknown {
  switch (shape.kind) {
    case 'document':
      return value
    case 'string':
      return typeof value === 'string' ? value : refuse(value, at, 'a String')
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse(value, at, 'a Boolean')
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value)
        ? value
        : refuse(value, at, 'an Integer')
    case 'list':
      if (!Array.isArray(value)) return refuse(value, at, 'a list')
      return value.map((item: unknown, index) => readValue(shape.of, item, `${at}.${index + 1}`))
    case 'map':
      if (!isRecord(value)) return refuse(value, at, 'a map')
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, readValue(shape.of, item, `${at}.${key}`)]),
      )
    case 'structure':
      return readStructure(shape, value, at)
  }
}

function readStructure(shape: StructureShape, value: unknown, at: string): unknown {
  if (!isRecord(value)) return refuse(value, at, 'a structure')
  const read: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(shape.members)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined
    // AWS's JSON protocol takes null for absent.
    if (given !== undefined && given !== null) {
      read[name] = readValue(member.shape, given, at === '' ? name : `${at}.${name}`)
    }
  }
  return read
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuse(value: unknown, at: string, wanted: string): never {
  const type = value === null ? 'NULL' : Array.isArray(value) ? 'LIST' : typeof value
  throw new AwsError(
    'SerializationException',
    `${type.toUpperCase()}_VALUE at ${at || 'the body'} cannot be converted to ${wanted}`,
  )
}

/** Which kind of constraint does not hold. */
export type ConstraintKind =
  'required' | 'min-length' | 'max-length' | 'min-value' | 'max-value' | 'enum' | 'pattern' | 'union'

export interface Violation {
  readonly constraint: ConstraintKind
  /** Clause of the framework's message. */
  readonly text: string
}

/** A body full of mistakes must not become an answer many times its size. */
const maxViolations = 10

/** The constraints that do not hold, the first ten of them; empty where all hold. */
export function findViolations(shape: AnyShape, value: unknown, at = ''): readonly Violation[] {
  const found: Violation[] = []
  collect(shape, value, at, found)
  return found.slice(0, maxViolations)
}

/** The message of a ValidationException for {@link findViolations}. */
export function describeViolations(violations: readonly Violation[]): string {
  const count = violations.length
  const clauses = violations.map(({ text }) => text).join('; ')
  return `${count} validation error${count === 1 ? '' : 's'} detected: ${clauses}`
}

function collect(shape: AnyShape, value: unknown, at: string, found: Violation[]): void {
  if (found.length >= maxViolations) return
  switch (shape.kind) {
    case 'document':
    case 'boolean':
      return
    case 'integer':
      if (typeof value !== 'number') return
      if (shape.min !== undefined && value < shape.min)
        found.push(violation('min-value', value, at, `have value greater than or equal to ${shape.min}`))
      if (shape.max !== undefined && value > shape.max)
        found.push(violation('max-value', value, at, `have value less than or equal to ${shape.max}`))
      return
    case 'string':
      if (typeof value === 'string') collectString(shape, value, at, found)
      return
    case 'list': {
      const items = Array.isArray(value) ? (value as readonly unknown[]) : []
      collectLength(items.length, shape, items, at, found)
      for (const [index, item] of items.entries()) {
        if (found.length >= maxViolations) return
        collect(shape.of, item, `${at}.${index + 1}.member`, found)
      }
      return
    }
    case 'map': {
      const entries = isRecord(value) ? Object.entries(value) : []
      collectLength(entries.length, shape, value, at, found)
      for (const [key, item] of entries) {
        if (found.length >= maxViolations) return
        collectString(shape.key, key, `${at}.key`, found)
        collect(shape.of, item, `${at}.${key}.member`, found)
      }
      return
    }
    case 'structure':
      collectStructure(shape, isRecord(value) ? value : {}, at, found)
  }
}

function collectStructure(
  shape: StructureShape,
  value: Record<string, unknown>,
  at: string,
  found: Violation[],
): void {
  const set = Object.keys(shape.members).filter((name) => value[name] !== undefined)
  if (shape.union === true && set.length !== 1) {
    found.push(violation('union', value, at, 'have exactly one member set'))
  }
  for (const [name, member] of Object.entries(shape.members)) {
    const camel = name.charAt(0).toLowerCase() + name.slice(1)
    const place = at === '' ? camel : `${at}.${camel}`
    if (value[name] !== undefined) collect(member.shape, value[name], place, found)
    else if (member.required) found.push(violation('required', null, place, 'not be null'))
  }
}

function collectString(shape: StringShape, value: string, at: string, found: Violation[]): void {
  const shown = shape.sensitive === true ? hidden : value
  if (shape.oneOf !== undefined && !shape.oneOf.includes(value)) {
    found.push(violation('enum', shown, at, `satisfy enum value set: [${shape.oneOf.join(', ')}]`))
  }
  collectLength(countCharacters(value), shape, shown, at, found)
  if (shape.pattern !== undefined && !matchesWhole(shape.pattern, value)) {
    const pattern = shape.pattern.source.replaceAll('\\/', '/')
    found.push(violation('pattern', shown, at, `satisfy regular expression pattern: ${pattern}`))
  }
}

/** Code points: a character beyond the basic plane is one, although it has two code units. */
function countCharacters(value: string): number {
  let count = 0
  for (let at = 0; at < value.length; count++) at += (value.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
  return count
}

function collectLength(
  length: number,
  shape: { readonly min?: number; readonly max?: number },
  value: unknown,
  at: string,
  found: Violation[],
): void {
  if (shape.min !== undefined && length < shape.min) {
    found.push(violation('min-length', value, at, `have length greater than or equal to ${shape.min}`))
  }
  if (shape.max !== undefined && length > shape.max) {
    found.push(violation('max-length', value, at, `have length less than or equal to ${shape.max}`))
  }
}

const wholes = new WeakMap<RegExp, RegExp>()

function matchesWhole(pattern: RegExp, value: string): boolean {
  let whole = wholes.get(pattern)
  if (whole === undefined) wholes.set(pattern, (whole = new RegExp(`^(?:${pattern.source})$`, 'u')))
  return whole.test(value)
}

const shownLength = 256

/** Stands for a sensitive value: the framework's message has the place of it only. */
const hidden = Symbol('hidden')

function violation(constraint: ConstraintKind, value: unknown, at: string, must: string): Violation {
  const shown = value === hidden ? '' : `${quote(value)} `
  const text = `Value ${shown}at '${at || 'input'}' failed to satisfy constraint: Member must ${must}`
  return { constraint, text }
}

function quote(value: unknown): string {
  if (value === null) return 'null'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `'${text.length > shownLength ? `${text.slice(0, shownLength)}...` : text}'`
}
