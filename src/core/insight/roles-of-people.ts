/**
 * @module The roles and traits that count for every person at one moment, from one pass over all lists: what
 * `effectiveUser` works out for one. Lists that are overdue, cannot be read or name a missing role give nothing here, as
 * at sign-in to an application.
 */
import type { DesiredInputUser } from '../entitlement/input.js'
import type { Traits } from '../user/user.js'
import { findStanding, type StandingInput } from './standing.js'

export interface RolesInput extends StandingInput {
  /** Names among these that no role has; references of account assignment roles never are. */
  readonly missing: (names: readonly string[]) => readonly string[]
}

/** A role that a list gives somebody. */
export interface ListedRole {
  readonly by: 'list' | 'list_owner'
  readonly list: string
  /** From the list that gives it to the one that has the person. */
  readonly path: readonly string[]
  readonly role: string
}

export interface PersonRoles {
  readonly name: string
  readonly lock: DesiredInputUser['lock']
  readonly own: readonly string[]
  readonly listed: readonly ListedRole[]
  readonly traits: Traits
}

/** By name; without those that cannot be read, for whom nothing opens. */
export function rolesOfPeople(input: RolesInput): PersonRoles[] {
  const { lists, flat, withoutGrants, users: people } = findStanding(input)
  const given = new Map<string, { listed: ListedRole[]; traits: Traits[] }>()
  const give = (name: string, listed: readonly ListedRole[], traits: Traits): void => {
    const of = given.get(name)
    if (of === undefined) given.set(name, { listed: [...listed], traits: [traits] })
    else {
      of.listed.push(...listed)
      of.traits.push(traits)
    }
  }
  for (const [name, { users, owners }] of flat.lists) {
    const list = lists.get(name)
    if (list === undefined || withoutGrants.has(name)) continue
    const sides = [
      ['list', users, list.grants],
      ['list_owner', owners, list.ownerGrants],
    ] as const
    for (const [by, holders, { roles, traits }] of sides) {
      if (roles.length === 0 && Object.keys(traits).length === 0) continue
      if (input.missing(roles).length > 0) continue
      for (const [person, { path }] of holders) {
        give(
          person,
          roles.map((role) => ({ by, list: name, path, role })),
          traits,
        )
      }
    }
  }
  return people
    .flatMap((user): PersonRoles[] => {
      if (user.unreadable === true) return []
      const { listed = [], traits = [] } = given.get(user.name) ?? {}
      const { name, lock, roles } = user
      return [{ name, lock, own: roles, listed, traits: unite(user.traits, traits) }]
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** `Object.fromEntries` makes own members of every name, `__proto__` too. */
function unite(own: Traits, more: readonly Traits[]): Traits {
  if (more.every((traits) => Object.keys(traits).length === 0)) return own
  const values = new Map<string, Set<string>>()
  for (const [trait, of] of [own, ...more].flatMap((traits) => Object.entries(traits))) {
    const known = values.get(trait) ?? new Set<string>()
    for (const value of of) known.add(value)
    values.set(trait, known)
  }
  return Object.fromEntries([...values].map(([trait, of]) => [trait, [...of]]))
}
