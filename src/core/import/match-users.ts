/**
 * @module Which person of AWS is which person here: the same name, letter by letter, and nothing else. A name that
 * differs in case is told, never taken for the same.
 */
import type { ObservedUser } from '../identity-center/observation.js'
import { compareText } from '../inventory/inventory-index.js'
import { foldName } from '../user/user.js'
import type { UserFilter } from '../identity-center/settings.js'
import type { KnownUser } from './facts.js'

export interface MatchedUser {
  readonly aws: ObservedUser
  /** The person here with exactly this name. */
  readonly user: KnownUser | undefined
  /** A person here whose name people take for the same, where none has exactly this. */
  readonly similar: string | undefined
}

/** Sorted by user name, then id. */
export function matchUsers(
  observed: ReadonlyMap<string, ObservedUser>,
  users: readonly KnownUser[],
): MatchedUser[] {
  const byName = new Map(users.map((user) => [user.name, user]))
  const byFold = new Map(users.map(({ name }) => [foldName(name), name]))
  return [...observed.values()]
    .sort((a, b) => compareText(a.userName, b.userName) || compareText(a.id, b.id))
    .map((aws) => {
      const user = byName.get(aws.userName)
      return { aws, user, similar: user === undefined ? byFold.get(foldName(aws.userName)) : undefined }
    })
}

/** Whether the plugin pushes this person: every label of one of the filters, and its origin; no filter lets all. */
export function passesUserFilters(filters: readonly UserFilter[], user: KnownUser): boolean {
  if (filters.length === 0) return true
  return filters.some(
    ({ labels, origin }) =>
      (origin === undefined || origin === user.origin) &&
      Object.entries(labels).every(
        ([key, value]) => Object.hasOwn(user.labels, key) && user.labels[key] === value,
      ),
  )
}
