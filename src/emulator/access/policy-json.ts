/**
 * @module Values of a policy document's JSON, by type.
 */
import { PolicyError } from './policy-error.js'

export type JsonObject = Readonly<Record<string, unknown>>

/** @throws PolicyError where the value is no object */
export function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PolicyError(`Syntax errors in policy: ${what} is not an object.`)
  }
  // Parsed JSON has own members only; no name of Object.prototype is ever asked for.
  return value as JsonObject
}

/** One text, or a list of texts. @throws PolicyError where it is neither */
export function textsOf(value: unknown, what: string): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.map((item) => {
    if (typeof item !== 'string') throw new PolicyError(`Syntax errors in policy: ${what} is not text.`)
    return item
  })
}

/** Text, or nothing. @throws PolicyError where it is something else */
export function optionalText(given: JsonObject, name: string): string | undefined {
  const value = given[name]
  if (value !== undefined && typeof value !== 'string') {
    throw new PolicyError(`Syntax errors in policy: ${name} is not text.`)
  }
  return value
}
