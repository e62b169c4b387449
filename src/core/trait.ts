/**
 * @module Traits: the multi-valued attributes of a user. Names and values come from outside, so they are read as
 * own properties only (a trait named `constructor` is a trait, not JavaScript's), kept free of empty values and
 * duplicates, and are data wherever they are used: see `role/template.ts` for how roles refer to them.
 */
import type { Traits } from './user/user.js'

/** The values of one trait; none where the user does not have it. */
export function listTrait(traits: Traits, name: string): readonly string[] {
  return Object.hasOwn(traits, name) ? (traits[name] ?? []) : []
}

/** Traits with single texts as lists, without empty or repeated values and without traits that have none left. */
export function normaliseTraits(traits: Readonly<Record<string, string | readonly string[]>>): Traits {
  const pairs = Object.entries(traits)
    .map(([name, values]) => [name, distinct(typeof values === 'string' ? [values] : values)] as const)
    .filter(([, values]) => values.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  // fromEntries defines own properties, also for a name such as __proto__.
  return Object.fromEntries(pairs)
}

/** All traits together: values of the same trait are joined, in the order of the arguments. */
export function mergeTraits(...all: readonly Traits[]): Traits {
  const merged = new Map<string, string[]>()
  for (const traits of all) {
    for (const [name, values] of Object.entries(traits)) {
      const joined = merged.get(name) ?? []
      for (const value of values) joined.push(value)
      merged.set(name, joined)
    }
  }
  return normaliseTraits(Object.fromEntries(merged))
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '')
}
