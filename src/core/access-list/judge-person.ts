/**
 * @module Whether somebody meets what one list asks, and why not: for a name that may be no user here (T18), or one
 * that cannot be read.
 */
import type { User } from '../user/user.js'
import type { Requirements } from './access-list.js'
import { asksForNothing, findMissing, meetsRequirements, type MissingRequirements } from './requirements.js'

/** What a user holds by themselves. */
export type OwnFacts = Pick<User, 'roles' | 'traits'>

/** `unreadable`: there is such a user, and what they hold is not known. Undefined: there is none of that name. */
export type LookUpPerson = (name: string) => OwnFacts | 'unreadable' | undefined

export type WhyNot =
  | { readonly kind: 'no_user' }
  | { readonly kind: 'unreadable_user' }
  | { readonly kind: 'missing'; readonly missing: MissingRequirements }
  /** They came into a list within it after it was frozen. */
  | { readonly kind: 'frozen' }

/** Undefined for who meets them. A list that asks for nothing takes every name. */
export function judgePerson(
  required: Requirements | undefined,
  people: LookUpPerson,
  name: string,
): WhyNot | undefined {
  if (required === undefined || asksForNothing(required)) return undefined
  const person = people(name)
  if (person === undefined) return { kind: 'no_user' }
  if (person === 'unreadable') return { kind: 'unreadable_user' }
  return meetsRequirements(required, person)
    ? undefined
    : { kind: 'missing', missing: findMissing(required, person) }
}

/** The same of an owner: nobody owns a list without a user here, whatever it asks for. */
export function judgeOwner(
  required: Requirements | undefined,
  people: LookUpPerson,
  name: string,
): WhyNot | undefined {
  return people(name) === undefined ? { kind: 'no_user' } : judgePerson(required, people, name)
}

/** What stands after a name: "lacks the role auditor and the trait team: platform". `roleName` shows stored names. */
export function whyNotWords(why: WhyNot, roleName: (stored: string) => string = (stored) => stored): string {
  switch (why.kind) {
    case 'no_user':
      return 'does not exist'
    case 'unreadable_user':
      return 'cannot be read'
    case 'frozen':
      return 'came into a list within it after it was frozen'
    case 'missing': {
      const { roles, traits, more } = why.missing
      const parts = [
        ...(roles.length === 0
          ? []
          : [`the ${roles.length === 1 ? 'role' : 'roles'} ${roles.map(roleName).join(', ')}`]),
        ...traits.map(({ trait, values }) => `the trait ${trait}: ${values.join(', ')}`),
        ...(more === true ? ['more'] : []),
      ]
      return `lacks ${joinWords(parts)}`
    }
  }
}

function joinWords(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`
}
