/**
 * @module The teams of the company, without end: first the products, then parts of them.
 */
import { components, divisions } from './words.js'

export interface Team {
  /** Lower case with hyphens, such as `payments` or `payments-api`. */
  readonly name: string
  readonly division: string
}

/** Products in turns of their divisions, so that few teams come from many divisions. */
const products: readonly Team[] = Array.from(
  { length: Math.max(...divisions.map(([, names]) => names.length)) },
  (_, turn) =>
    divisions.flatMap(([division, names]) => names.slice(turn, turn + 1).map((name) => ({ name, division }))),
).flat()

/** The team with this number, from 0. */
export function teamAt(number: number): Team {
  const product = products[number % products.length]
  if (product === undefined) throw new RangeError(`no team has the number ${number}`)
  const round = Math.floor(number / products.length)
  if (round === 0) return product
  return { ...product, name: `${product.name}-${components[round - 1] ?? round}` }
}

/** `payments-api` as it stands in names of permission sets: `PaymentsApi`. */
export function pascalCase(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
