/**
 * @module Reads texts out of plain data by a path of keys: own properties only, so that no key reaches a prototype.
 */

type Plain = Readonly<Record<string, unknown>>

function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * The texts at a path: a scalar is one text, a list of scalars as many; what is not there, null and empty text are
 * none. Undefined where something is there that is no text: a map, a list of maps, or a scalar on the way.
 */
export function readTexts(document: unknown, path: readonly string[]): readonly string[] | undefined {
  let at: unknown = document
  for (const key of path) {
    if (at === undefined || at === null) return []
    if (!isPlain(at)) return undefined
    at = Object.hasOwn(at, key) ? at[key] : undefined
  }
  if (at === undefined || at === null) return []
  const items: readonly unknown[] = Array.isArray(at) ? at : [at]
  const texts: string[] = []
  for (const item of items) {
    if (typeof item === 'string') texts.push(item)
    else if (typeof item === 'number' || typeof item === 'boolean') texts.push(String(item))
    else return undefined
  }
  return texts.filter((value) => value !== '')
}
