/**
 * @module A lock on a role locks whoever holds it, also by an access list: what keeps a person out of sign-in here must
 * not leave them what they have in AWS.
 */
import type { AccessList } from '../access-list/access-list.js'
import type { FlatLists } from '../access-list/flatten.js'
import type { DesiredInput, DesiredInputUser } from './input.js'

type LockOfUser = NonNullable<DesiredInputUser['lock']>

export interface ListLockFacts {
  readonly lists: ReadonlyMap<string, AccessList | undefined>
  readonly flat: FlatLists
  /** Overdue lists, which give nobody anything. */
  readonly withoutGrants: ReadonlySet<string>
}

/** The users, each with the lock on a role that lists give them where none of their own holds. */
export function lockByLists(
  users: readonly DesiredInputUser[],
  lockedRoles: DesiredInput['lockedRoles'],
  { lists, flat, withoutGrants }: ListLockFacts,
): readonly DesiredInputUser[] {
  if (lockedRoles === undefined || lockedRoles.size === 0) return users
  const locks = new Map<string, LockOfUser>()
  const lock = (names: Iterable<string>, roles: readonly string[]): void => {
    for (const role of roles) {
      const found = lockedRoles.get(role)
      if (found === undefined) continue
      for (const name of names) locks.set(name, later(locks.get(name), found))
    }
  }
  for (const [name, { users: members, owners }] of flat.lists) {
    const list = lists.get(name)
    if (list === undefined || withoutGrants.has(name)) continue
    lock([...members.keys()], list.grants.roles)
    lock([...owners.keys()], list.ownerGrants.roles)
  }
  return users.map((user) => {
    const found = locks.get(user.name)
    return user.lock !== undefined || found === undefined ? user : { ...user, lock: found }
  })
}

/** Of two locks the one that holds longer. */
function later(a: LockOfUser | undefined, b: LockOfUser): LockOfUser {
  if (a === undefined) return b
  if (a.until === undefined) return a
  return b.until === undefined || b.until > a.until ? b : a
}
