/**
 * @module What should be in Identity Center, from the resources of one moment. Lists are flattened, roles become
 * pairs, denials win: over what a person holds directly, over what their requests gave, and over what a group gives,
 * since whoever is denied a part of it is left out and given the rest singly (T11). Costs go with the sets of roles that
 * occur, not with the pairs they mean. Looks at nothing in AWS.
 */
import { flattenLists, type FlatLists } from '../access-list/flatten.js'
import type { Instant } from '../time.js'
import type { Desired, SetAside } from './desired.js'
import { Entitlements } from './entitlements.js'
import type { DesiredInput } from './input.js'
import { choosePeople, describePeople } from './people.js'
import { RoleAccess } from './role-access.js'

export type { DesiredInput, DesiredInputUser, RoleLookup, TimeBoxedGrant } from './input.js'

/** How many sentences of one kind a plan tells; beyond them it says how many more there are. */
const maxNotes = 50

/** What should be in Identity Center at `input.now`. The order of what is handed in never matters. */
export function buildDesired(input: DesiredInput): Desired {
  const roles = new RoleAccess(input)
  const people = choosePeople(input.users, input.settings.userFilters)
  const lists = input.lists.map((list) =>
    'unreadable' in list ? { name: list.unreadable, list: undefined } : { name: list.name, list },
  )
  const flat = flattenLists(lists, input.members, input.now)
  const entitlements = new Entitlements(
    people,
    new Map(lists.map(({ name, list }) => [name, list])),
    flat,
    roles,
    input,
  )
  const { users, setAside: badRecords } = describePeople(people, entitlements.unclear)
  const userPairs = entitlements.listUserPairs()
  // Whoever has too many pairs is known only now.
  const tooMany = entitlements.overLimit
  return {
    users: tooMany.size === 0 ? users : new Map([...users].filter(([name]) => !tooMany.has(name))),
    groups: entitlements.groups,
    userPairs,
    setAside: sortSetAside([
      ...entitlements.setAside,
      ...badRecords.filter(({ name }) => !tooMany.has(name)),
    ]),
    pushesUsers: input.settings.serviceProvider !== undefined,
    nextChangeAt: findNextChange(input, flat),
    notes: capNotes(entitlements.notes),
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
): Instant | undefined {
  let next = nextExpiry
  const consider = (at: Instant | undefined): void => {
    if (at !== undefined && at > now && (next === undefined || at < next)) next = at
  }
  for (const { lock } of users) consider(lock?.until)
  for (const { until } of grants) consider(until)
  return next
}
