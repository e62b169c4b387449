/**
 * @module How large an organisation is made: named sizes, and the numbers that a person may give instead.
 */
import { invalidInput } from '../error.js'

export interface OrganisationSize {
  readonly accounts: number
  readonly permissionSets: number
  readonly users: number
  readonly groups: number
}

export const sizes = {
  small: { accounts: 30, permissionSets: 10, users: 200, groups: 50 },
  medium: { accounts: 300, permissionSets: 60, users: 2000, groups: 500 },
  large: { accounts: 1000, permissionSets: 500, users: 10_000, groups: 5000 },
  stress: { accounts: 2000, permissionSets: 1000, users: 50_000, groups: 20_000 },
} as const satisfies Readonly<Record<string, OrganisationSize>>

export type SizeName = keyof typeof sizes

export const sizeNames: readonly SizeName[] = ['small', 'medium', 'large', 'stress']

/** AWS's quotas; the management account is always there. */
const bounds: Readonly<Record<keyof OrganisationSize, readonly [min: number, max: number]>> = {
  accounts: [1, 7000],
  permissionSets: [0, 3500],
  users: [0, 200_000],
  groups: [0, 100_000],
}

/** @throws EmulatorError `INVALID_INPUT` that names every number outside its bounds */
export function checkSize(size: OrganisationSize): OrganisationSize {
  const problems = (['accounts', 'permissionSets', 'users', 'groups'] as const).flatMap((name) => {
    const [min, max] = bounds[name]
    const value = size[name]
    return Number.isInteger(value) && value >= min && value <= max
      ? []
      : [`${name}: ${value} is not a whole number from ${min} to ${max}`]
  })
  if (problems.length > 0) throw invalidInput(problems.join('; '))
  return size
}

/** @throws EmulatorError `INVALID_INPUT` */
export function checkSeed(seed: number): number {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw invalidInput(`seed: ${seed} is not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`)
  }
  return seed
}
