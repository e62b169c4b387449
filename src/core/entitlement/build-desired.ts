/**
 * @module What should be in Identity Center, from the resources of one moment. Lists are flattened, roles become
 * pairs, denials win: over what a person holds directly, over what their requests gave, and over what a group gives,
 * since whoever is denied a part of it is left out and given the rest singly (T11); what a list gives its owners
 * is given singly, too. Costs go with the sets of roles that
 * occur, not with the pairs they mean. Looks at nothing in AWS.
 */
import { flattenLists, type FlatLists } from '../access-list/flatten.js'
import type { LookUpPerson } from '../access-list/judge-person.js'
import type { Instant } from '../time.js'
import type { Desired, SetAside } from './desired.js'
import { Entitlements } from './entitlements.js'
import type { DesiredInput } from './input.js'
import { lockByLists } from './list-locks.js'
import { findOverdue, type OverdueLists } from './overdue.js'
import { choosePeople, describePeople } from './people.js'
import { RoleAccess } from './role-access.js'

export type { DesiredInput, DesiredInputUser, RoleLookup, TimeBoxedGrant } from './input.js'

/** How many sentences of one kind a plan tells; beyond them it says how many more there are. */
const maxNotes = 50

/** What should be in Identity Center at `input.now`. The order of what is handed in never matters. */
export function buildDesired(input: DesiredInput): Desired {
  const roles = new RoleAccess(input)
  const lists = input.lists.map((list) =>
    'unreadable' in list ? { name: list.unreadable, list: undefined } : { name: list.name, list },
  )
  const flat = flattenLists(
    lists.map(({ name, list }) => list ?? { name }),
    input.members,
    lookUpIn(input.users),
    { now: input.now, whenOverdue: input.whenOverdue },
  )
  const overdue = findOverdue(
    lists.flatMap(({ list }) => list ?? []),
    input,
  )
  const held = {
    lists: new Map(lists.map(({ name, list }) => [name, list])),
    flat,
    withoutGrants: overdue.withoutGrants,
  }
  const users = lockByLists(input.users, input.lockedRoles, held)
  const people = choosePeople(users, input.settings.userFilters)
  const entitlements = new Entitlements({ ...held, people, roles, input })
  const { users: described, setAside: badRecords } = describePeople(people, entitlements.unclear)
  const userPairs = entitlements.listUserPairs()
  // Whoever has too many pairs is known only now.
  const tooMany = entitlements.overLimit
  return {
    users: tooMany.size === 0 ? described : new Map([...described].filter(([name]) => !tooMany.has(name))),
    groups: entitlements.groups,
    userPairs,
    setAside: sortSetAside([
      ...entitlements.setAside,
      ...badRecords.filter(({ name }) => !tooMany.has(name)),
    ]),
    pushesUsers: input.settings.serviceProvider !== undefined,
    endedPromotions: entitlements.endedPromotions,
    endedOwners: new Map([...flat.lists].map(([name, { endedOwners }]) => [name, endedOwners])),
    nextChangeAt: findNextChange({ ...input, users }, flat, overdue),
    notes: capNotes(entitlements.notes),
  }
}

/** Users that are not pushed are people too: what lists ask is asked of all. */
function lookUpIn(users: DesiredInput['users']): LookUpPerson {
  const byName = new Map(users.map((user) => [user.name, user]))
  return (name) => {
    const user = byName.get(name)
    return user?.unreadable === true ? 'unreadable' : user
  }
}

export function sortSetAside(rows: readonly SetAside[]): SetAside[] {
  const place = ({ kind, name, code }: SetAside): string => `${kind}\n${name}\n${code}`
  return [...rows].sort((a, b) => (place(a) < place(b) ? -1 : 1))
}

function capNotes(notes: readonly string[]): readonly string[] {
  if (notes.length <= maxNotes) return notes
  return [...notes.slice(0, maxNotes), `There are ${notes.length - maxNotes} more notes of this kind.`]
}

function findNextChange(
  { users, grants, now }: DesiredInput,
  { nextExpiry }: FlatLists,
  overdue: OverdueLists,
): Instant | undefined {
  let next = nextExpiry
  const consider = (at: Instant | undefined): void => {
    if (at !== undefined && at > now && (next === undefined || at < next)) next = at
  }
  consider(overdue.nextChangeAt)
  for (const { lock } of users) consider(lock?.until)
  for (const { until } of grants) consider(until)
  return next
}
