/**
 * @module Whether a user has what an access list asks of its people. Only what the user holds itself counts, never what
 * lists grant: otherwise one list could let people into the next (reference-behaviour §4). The work for one person goes
 * with what the person holds, however much the list asks for.
 */
import type { User } from '../user/user.js'
import type { Requirements } from './access-list.js'

type Person = Pick<User, 'roles' | 'traits'>

/** What a list asks, in the order in which it is looked at; made once for all of its people. */
interface Prepared {
  readonly roles: readonly string[]
  /** By name; those that ask for a value. */
  readonly traits: readonly (readonly [trait: string, values: readonly string[]])[]
}

const known = new WeakMap<Requirements, Prepared>()

function prepare(required: Requirements): Prepared {
  const found = known.get(required)
  if (found !== undefined) return found
  const traits = Object.entries(required.traits)
    .filter(([, values]) => values.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const prepared = { roles: required.roles, traits }
  known.set(required, prepared)
  return prepared
}

export function asksForNothing(required: Requirements): boolean {
  const { roles, traits } = prepare(required)
  return roles.length === 0 && traits.length === 0
}

/** Whether somebody can meet `after` who did not meet `before`: it lacks a role, or a value of a trait, of that. */
export function loosens(before: Requirements, after: Requirements): boolean {
  return !meetsRequirements(before, after)
}

/** What is missing, for people; empty where the user has everything. */
export interface MissingRequirements {
  readonly roles: readonly string[]
  /** Only the values that are missing. */
  readonly traits: readonly { readonly trait: string; readonly values: readonly string[] }[]
  /** More is missing than is told here. */
  readonly more?: true
}

/** As much as people read; whatever else is missing is not looked for. */
const maxMissing = 20

/** Asked for thousands of people at once, who mostly do: so nothing is noted down. */
export function meetsRequirements(required: Requirements, { roles, traits }: Person): boolean {
  const asked = prepare(required)
  return (
    asked.roles.every((role) => roles.includes(role)) &&
    asked.traits.every(([trait, values]) => {
      const held = heldOf(traits, trait)
      return values.every((value) => held.includes(value))
    })
  )
}

/** Own members only: names of traits come from people. */
function heldOf(traits: Person['traits'], trait: string): readonly string[] {
  return Object.hasOwn(traits, trait) ? (traits[trait] ?? []) : []
}

/** The first roles and values that are missing, at most `most` of them. */
export function findMissing(
  required: Requirements,
  person: Person,
  most: number = maxMissing,
): MissingRequirements {
  const asked = prepare(required)
  let left = most
  /** Those of a list that are not held, as far as there is room; stops at the first beyond. */
  const missingOf = (wanted: readonly string[], held: readonly string[]): string[] => {
    const missing: string[] = []
    for (const one of wanted) {
      if (held.includes(one)) continue
      left -= 1
      if (left < 0) break
      missing.push(one)
    }
    return missing
  }
  const roles = missingOf(asked.roles, person.roles)
  const traits: { trait: string; values: string[] }[] = []
  for (const [trait, wanted] of asked.traits) {
    if (left < 0) break
    const values = missingOf(wanted, heldOf(person.traits, trait))
    if (values.length > 0) traits.push({ trait, values })
  }
  return { roles, traits, ...(left < 0 && { more: true }) }
}
