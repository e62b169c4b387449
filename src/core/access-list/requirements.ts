/**
 * @module Whether a user has what an access list asks of its people. Only what the user holds itself counts, never what
 * lists grant: otherwise one list could let people into the next (reference-behaviour §4).
 */
import type { User } from '../user/user.js'
import type { Requirements } from './access-list.js'

type Person = Pick<User, 'roles' | 'traits'>

export function asksForNothing({ roles, traits }: Requirements): boolean {
  return roles.length === 0 && Object.values(traits).every((values) => values.length === 0)
}

/** What is missing, for people; empty where the user has everything. */
export interface MissingRequirements {
  readonly roles: readonly string[]
  /** Only the values that are missing. */
  readonly traits: readonly { readonly trait: string; readonly values: readonly string[] }[]
}

export function meetsRequirements(required: Requirements, person: Person): boolean {
  const { roles, traits } = findMissing(required, person)
  return roles.length === 0 && traits.length === 0
}

export function findMissing(required: Requirements, person: Person): MissingRequirements {
  const roles = required.roles.filter((role) => !person.roles.includes(role))
  const traits = Object.keys(required.traits)
    .sort()
    .flatMap((trait) => {
      // Own members only: names of traits come from people.
      const has = Object.hasOwn(person.traits, trait) ? (person.traits[trait] ?? []) : []
      const values = (required.traits[trait] ?? []).filter((value) => !has.includes(value))
      return values.length === 0 ? [] : [{ trait, values }]
    })
  return { roles, traits }
}
