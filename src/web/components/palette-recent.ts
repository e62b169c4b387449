/**
 * @module What a person opened through the palette lately, for this tab only: names of people and accounts must not
 * stay in a browser that others use.
 */
import type { Found } from './palette-search.js'

const kept = 6
const recent = new Map<string, readonly Found[]>()

export function findRecent(user: string): readonly Found[] {
  return recent.get(user) ?? []
}

export function addRecent(user: string, item: Found): void {
  const others = findRecent(user).filter(({ to }) => to !== item.to)
  recent.set(user, [item, ...others].slice(0, kept))
}
