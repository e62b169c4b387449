/**
 * @module Reads members of SCIM resources: each has a type and a rule, and what nobody knows is refused. AWS takes no
 * empty text, and what SCIM would call unassigned (`null`, an empty list) is to be left out.
 */
import { isWithin, type TextRule } from '../directory/value-rules.js'
import { invalid, invalidWith } from './error.js'
import { isList, isObject, memberOf, type Json, type JsonObject } from './json.js'

/** @throws ScimError 400 where `object` has a member that is not `known`; `place` names it in the reason */
export function refuseUnknown(object: JsonObject, known: readonly string[], place: string): void {
  const unknown = Object.keys(object).find((name) => !known.includes(name))
  if (unknown !== undefined) throw invalid(`${place} has the unsupported attribute ${unknown}`)
}

/** A text that keeps to `rule`. */
export function readText(object: JsonObject, name: string, rule: TextRule): string | undefined {
  const value = memberOf(object, name)
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw invalid(`${name} is not a text`)
  if (!isWithin(rule, value)) {
    throw invalid(`${name} is not ${rule.min} to ${rule.max} characters of those allowed`)
  }
  return value
}

export function readBoolean(object: JsonObject, name: string): boolean | undefined {
  const value = memberOf(object, name)
  if (value !== undefined && typeof value !== 'boolean') throw invalid(`${name} is not true or false`)
  return value
}

/** An object with some of `known` and nothing else. */
export function readObject(
  object: JsonObject,
  name: string,
  known: readonly string[],
): JsonObject | undefined {
  const value = memberOf(object, name)
  if (value === undefined) return undefined
  if (!isObject(value) || Object.keys(value).length === 0)
    throw invalid(`${name} is not an object with members`)
  refuseUnknown(value, known, name)
  return value
}

/** A list of one object; AWS keeps no longer ones. */
export function readSingle(
  object: JsonObject,
  name: string,
  known: readonly string[],
): JsonObject | undefined {
  const value = memberOf(object, name)
  if (value === undefined) return undefined
  if (!isList(value)) throw invalid(`${name} is not a list`)
  if (value.length > 1) throw invalidWith(`List attribute ${name} exceeds allowed limit of 1`)
  const [only] = value
  if (!isObject(only) || Object.keys(only).length === 0) {
    throw invalid(`${name} is not a list of one object with members`)
  }
  refuseUnknown(only, known, name)
  return only
}

/** @throws ScimError 400 where the value is absent */
export function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw invalid(`${name} is missing`)
  return value
}

/**
 * Every name of `schemas` is one of `allowed`, which begins with the one that may not be missing. Requests of AWS's
 * own guide leave the member out, except in PATCH.
 */
export function checkSchemas(object: JsonObject, allowed: readonly string[]): void {
  const schemas = memberOf(object, 'schemas')
  if (schemas === undefined) return
  const isKnown = (urn: Json): boolean => typeof urn === 'string' && allowed.includes(urn)
  if (!isList(schemas) || !schemas.every(isKnown) || !schemas.some((urn) => urn === allowed[0])) {
    throw invalid(`schemas is not a list with ${allowed[0] ?? ''}`)
  }
}

type Defined<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** Leaves out the members that are undefined. */
export function defined<T extends object>(members: T): Defined<T> {
  // The filter does what the type says; Object.fromEntries cannot express it.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>
}
