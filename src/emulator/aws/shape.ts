/**
 * @module Shapes of the inputs of AWS operations, as data: the parsers of both protocols, the validation with the
 * messages of the services, and the table of what is supported all work from them.
 */

declare const parsed: unique symbol

interface Typed<T> {
  readonly [parsed]?: T
}

export interface StringShape<T extends string = string> extends Typed<T> {
  readonly kind: 'string'
  readonly min?: number
  readonly max?: number
  /** The published pattern, whole; it is matched against the whole value. */
  readonly pattern?: RegExp
  readonly oneOf?: readonly T[]
  /** The value is left out of messages. */
  readonly sensitive?: boolean
}

export interface NumberShape extends Typed<number> {
  readonly kind: 'integer'
  readonly min?: number
  readonly max?: number
}

export interface BooleanShape extends Typed<boolean> {
  readonly kind: 'boolean'
}

/** Any JSON value, as it is (a Smithy document). */
export interface DocumentShape extends Typed<unknown> {
  readonly kind: 'document'
}

export interface ListShape<Of extends AnyShape = AnyShape> extends Typed<readonly Parsed<Of>[]> {
  readonly kind: 'list'
  readonly of: Of
  readonly min?: number
  readonly max?: number
}

export interface MapShape<Of extends AnyShape = AnyShape> extends Typed<
  Readonly<Record<string, Parsed<Of>>>
> {
  readonly kind: 'map'
  readonly key: StringShape
  readonly of: Of
  readonly min?: number
  readonly max?: number
}

export interface Member<Of extends AnyShape = AnyShape, Required extends boolean = boolean> {
  readonly shape: Of
  readonly required: Required
}

export type Members = Readonly<Record<string, Member>>

export interface StructureShape<Of extends Members = Members> extends Typed<ParsedMembers<Of>> {
  readonly kind: 'structure'
  readonly members: Of
  /** Exactly one of the members is set. */
  readonly union?: boolean
}

export type AnyShape =
  StringShape | NumberShape | BooleanShape | DocumentShape | ListShape | MapShape | StructureShape

/** What a value of the shape becomes. */
export type Parsed<Of> = Of extends Typed<infer T> ? T : never

type RequiredKeys<Of extends Members> = {
  [Key in keyof Of]: Of[Key] extends Member<AnyShape, true> ? Key : never
}[keyof Of]

export type ParsedMembers<Of extends Members> = {
  readonly [Key in RequiredKeys<Of>]: Parsed<Of[Key]['shape']>
} & {
  readonly [Key in Exclude<keyof Of, RequiredKeys<Of>>]?: Parsed<Of[Key]['shape']>
}

export function string(constraints: Omit<StringShape, 'kind' | 'oneOf'> = {}): StringShape {
  return { kind: 'string', ...constraints }
}

export function oneOf<const T extends string>(...values: readonly T[]): StringShape<T> {
  return { kind: 'string', oneOf: values }
}

export function integer(constraints: Omit<NumberShape, 'kind'> = {}): NumberShape {
  return { kind: 'integer', ...constraints }
}

export const boolean: BooleanShape = { kind: 'boolean' }

export const anyDocument: DocumentShape = { kind: 'document' }

export function list<Of extends AnyShape>(
  of: Of,
  constraints: { min?: number; max?: number } = {},
): ListShape<Of> {
  return { kind: 'list', of, ...constraints }
}

export function map<Of extends AnyShape>(
  key: StringShape,
  of: Of,
  constraints: { min?: number; max?: number } = {},
): MapShape<Of> {
  return { kind: 'map', key, of, ...constraints }
}

export function required<Of extends AnyShape>(shape: Of): Member<Of, true> {
  return { shape, required: true }
}

export function optional<Of extends AnyShape>(shape: Of): Member<Of, false> {
  return { shape, required: false }
}

export function structure<const Of extends Members>(members: Of): StructureShape<Of> {
  return { kind: 'structure', members }
}

/** A structure of which exactly one member is set. */
export function union<const Of extends Members>(members: Of): StructureShape<Of> {
  return { kind: 'structure', members, union: true }
}
