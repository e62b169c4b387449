/**
 * @module All lists as they stand at one moment, flattened, with the people who count and what gives nothing: one pass,
 * whatever is asked of it.
 */
import type { AccessList } from '../access-list/access-list.js'
import { flattenLists, type FlatLists } from '../access-list/flatten.js'
import type { DesiredInput, DesiredInputUser } from '../entitlement/input.js'
import { lockByLists } from '../entitlement/list-locks.js'
import { findOverdue } from '../entitlement/overdue.js'

export type StandingInput = Pick<
  DesiredInput,
  'users' | 'lists' | 'members' | 'lockedRoles' | 'whenOverdue' | 'lastLeft' | 'now'
>

export interface Standing {
  /** By name; undefined for a list that cannot be read. */
  readonly lists: ReadonlyMap<string, AccessList | undefined>
  readonly flat: FlatLists
  /** Names of lists that are overdue and give nothing. */
  readonly withoutGrants: ReadonlySet<string>
  /** With the locks on roles that lists give them. */
  readonly users: readonly DesiredInputUser[]
}

export function findStanding(input: StandingInput): Standing {
  const lists = new Map<string, AccessList | undefined>(
    input.lists.map((list) =>
      'unreadable' in list ? [list.unreadable, undefined] : ([list.name, list] as const),
    ),
  )
  const byName = new Map(input.users.map((user) => [user.name, user]))
  const flat = flattenLists(
    [...lists].map(([name, list]) => list ?? { name }),
    input.members,
    (name) => {
      const user = byName.get(name)
      return user?.unreadable === true ? 'unreadable' : user
    },
    { now: input.now, whenOverdue: input.whenOverdue },
  )
  const { withoutGrants } = findOverdue(
    [...lists.values()].flatMap((list) => list ?? []),
    input,
  )
  const users = lockByLists(input.users, input.lockedRoles, { lists, flat, withoutGrants })
  return { lists, flat, withoutGrants, users }
}
