/**
 * @module Everything that import writes, as plain values: an access list with its members and grants for each group,
 * the bonds between our names and AWS's ids, and the ledger of what is there. After it the desired state says exactly
 * what AWS has: nobody gains or loses anything by the import itself. It makes no users.
 */
import {
  noGrants,
  noRequirements,
  type AccessList,
  type AccessListMember,
} from '../access-list/access-list.js'
import {
  principalKey,
  splitPairKey,
  type LedgerEntry,
  type Link,
  type ObservedUser,
} from '../identity-center/observation.js'
import { assignmentRoleRef, parseAssignmentRoleRef } from '../inventory/assignment-role.js'
import { compareText } from '../inventory/inventory-index.js'
import { chooseGroups, type ChosenGroup } from './choose-groups.js'
import type { ImportFacts } from './facts.js'
import { matchUsers, passesUserFilters } from './match-users.js'

export interface ImportedList {
  readonly list: AccessList
  readonly groupId: string
  /** All members that the list shall have. */
  readonly members: readonly AccessListMember[]
  readonly link: Link
  /** Every ledger row of the group. */
  readonly ledger: readonly LedgerEntry[]
  readonly change: 'create' | 'update' | 'none'
  /** The default owners are others than at the last import, and nobody handed the list over meanwhile. */
  readonly hasNewOwners: boolean
}

export interface ImportResult {
  /** By name. */
  readonly lists: readonly ImportedList[]
  /**
   * Bonds of an earlier import whose group is gone or left out now, or whose list somebody deleted. The list goes with
   * the bond where it is still there; the group itself stays as it is.
   */
  readonly leftLists: readonly { readonly name: string; readonly groupId: string }[]
  /** Bonds of the people who are here and there under the same name. */
  readonly userLinks: readonly Link[]
  /** Bonds of an earlier import that no longer hold. */
  readonly leftUserLinks: readonly Link[]
  /** Direct assignments as found, of users with or without somebody here. */
  readonly direct: readonly LedgerEntry[]
  /** Rows of an earlier import for what is no longer there. */
  readonly leftLedger: readonly LedgerEntry[]
  readonly totals: {
    readonly groups: number
    readonly skippedGroups: number
    readonly members: number
    /** People of AWS who are members and no users here. */
    readonly withoutUser: number
    readonly directAssignments: number
  }
}

/** `by` is who imports, for members' rows. The same facts give the same result. */
export function buildImport(facts: ImportFacts, by: string): ImportResult {
  const chosen = chooseGroups(facts)
  const before = new BeforeImport(facts)
  const lists = chosen
    .flatMap((one) => (one.list === undefined ? [] : [buildList(facts, before, one, one.list, by)]))
    .sort((a, b) => compareText(a.list.name, b.list.name))
  // A group that could not be read whole keeps the list that it has.
  const unread = new Set(
    chosen.flatMap(({ group, obstacle }) => (obstacle?.kind === 'unread' ? [group.id] : [])),
  )
  const kept = new Set(lists.map(({ groupId, list }) => bond(groupId, list.name)))
  const userLinks = linkUsers(facts, before)
  const linked = new Set(userLinks.map(({ name }) => name))
  const direct = directAssignments(facts, before)
  const rows = new Set([...direct, ...lists.flatMap(({ ledger }) => ledger)].map(ledgerKey))
  const isRead = (principal: string) =>
    principal.startsWith('group/')
      ? !unread.has(principal.slice('group/'.length))
      : facts.observation.assignments.has(principal)
  const known = new Set(facts.users.map(({ name }) => name))
  const people = new Set(lists.flatMap(({ members }) => members.map(({ name }) => name)))
  return {
    lists,
    leftLists: [...before.listLinks.values()]
      .filter(
        ({ awsId, name, origin }) =>
          origin === 'imported' && !kept.has(bond(awsId, name)) && !unread.has(awsId),
      )
      .map(({ name, awsId }) => ({ name, groupId: awsId })),
    userLinks,
    leftUserLinks: [...before.userLinks.values()].filter(
      ({ name, origin, awsId }) =>
        origin === 'imported' &&
        !linked.has(name) &&
        facts.observation.assignments.has(principalKey('user', awsId)),
    ),
    direct,
    leftLedger: facts.ledger.filter((entry) => isRead(entry.principal) && !rows.has(ledgerKey(entry))),
    totals: {
      groups: lists.length,
      skippedGroups: chosen.length - lists.length,
      members: lists.reduce((sum, { members }) => sum + members.length, 0),
      withoutUser: [...people].filter((name) => !known.has(name)).length,
      directAssignments: direct.length,
    },
  }
}

function bond(groupId: string, list: string): string {
  return `${groupId} ${list}`
}

/** What earlier imports and people left, by name. */
class BeforeImport {
  readonly lists: ReadonlyMap<string, AccessList>
  readonly members: ReadonlyMap<string, readonly AccessListMember[]>
  readonly listLinks: ReadonlyMap<string, Link>
  readonly userLinks: ReadonlyMap<string, Link>
  readonly #since: ReadonlyMap<string, number>

  constructor({ lists, members, links, ledger }: ImportFacts) {
    this.lists = new Map(lists.map((list) => [list.name, list]))
    const byList = new Map<string, AccessListMember[]>()
    for (const member of members) {
      const others = byList.get(member.list)
      if (others === undefined) byList.set(member.list, [member])
      else others.push(member)
    }
    this.members = byList
    this.listLinks = new Map(links.flatMap((link) => (link.kind === 'group' ? [[link.name, link]] : [])))
    this.userLinks = new Map(links.flatMap((link) => (link.kind === 'user' ? [[link.name, link]] : [])))
    this.#since = new Map(ledger.map((entry) => [ledgerKey(entry), entry.since]))
  }

  /** Since when the ledger has had the row; `now` for a new one. */
  since(entry: Omit<LedgerEntry, 'since'>, now: number): LedgerEntry {
    return { ...entry, since: this.#since.get(ledgerKey(entry)) ?? now }
  }
}

function ledgerKey({ kind, principal, target }: Pick<LedgerEntry, 'kind' | 'principal' | 'target'>): string {
  return `${kind} ${principal} ${target}`
}

function buildList(
  facts: ImportFacts,
  before: BeforeImport,
  { group, memberIds, pairs, otherPairs }: ChosenGroup,
  name: string,
  by: string,
): ImportedList {
  const { settings, observation, now } = facts
  const old = before.lists.get(name)
  const refs = pairs.map((pair) => {
    const { accountId, permissionSetArn } = splitPairKey(pair)
    return assignmentRoleRef(accountId, permissionSetArn)
  })
  // Roles that a person gave the list beside its assignments are theirs and stay.
  const added = old?.grants.roles.filter((role) => parseAssignmentRoleRef(role) === undefined) ?? []
  const list: AccessList = {
    name,
    title: group.displayName,
    description: old?.description ?? '',
    type: old?.type ?? 'standard',
    owners: ownersOf(old, facts),
    membershipRequires: old?.membershipRequires ?? noRequirements,
    ownershipRequires: old?.ownershipRequires ?? noRequirements,
    grants: { roles: [...refs, ...added], traits: old?.grants.traits ?? {} },
    ownerGrants: old?.ownerGrants ?? noGrants,
    review: old?.review,
    origin: { kind: 'imported', plugin: settings.name },
  }
  const oldMembers = before.members.get(name) ?? []
  const members = buildMembers(oldMembers, name, memberIds, observation.users, { now, by })
  const principal = principalKey('group', group.id)
  const reasons = [{ kind: 'list', list: name }] as const
  const ledger = [
    ...memberIds.map((target) => ({ kind: 'membership', principal, target, reasons }) as const),
    ...pairs.map((target) => ({ kind: 'assignment', principal, target, reasons }) as const),
    // Nobody looks after those accounts here: kept as they are, for without a row they would be drift.
    ...otherPairs.map(
      (target) => ({ kind: 'assignment', principal, target, reasons: [{ kind: 'found' }] }) as const,
    ),
  ].map((entry) => before.since(entry, now))
  const known = before.listLinks.get(name)
  const link: Link =
    known?.awsId === group.id
      ? known
      : {
          kind: 'group',
          name,
          awsId: group.id,
          origin: 'imported',
          linkedAt: now,
          unwantedSince: undefined,
        }
  const same = old !== undefined && isSameList(old, list) && isSameMembers(oldMembers, members)
  return {
    list,
    groupId: group.id,
    members,
    link,
    ledger,
    change: old === undefined ? 'create' : same ? 'none' : 'update',
    hasNewOwners: old !== undefined && ownerNames(old.owners) !== ownerNames(list.owners),
  }
}

/** The default ones, also of a list whose owners are still those of the last import; those that a person chose stay. */
function ownersOf(
  old: AccessList | undefined,
  { settings, formerOwners }: ImportFacts,
): AccessList['owners'] {
  const isUntouched =
    old === undefined ||
    (formerOwners.length > 0 &&
      ownerNames(old.owners) === ownerNames(formerOwners.map((name) => ({ kind: 'user', name }))))
  if (!isUntouched) return old.owners
  return settings.defaultOwners.map((name) => ({ kind: 'user', name, description: '' }))
}

function ownerNames(owners: readonly { readonly kind: string; readonly name: string }[]): string {
  return JSON.stringify(owners.map(({ kind, name }) => [kind, name]).sort())
}

/** Those that AWS has, and those that a person added here; a row that was there keeps its date and reason. */
function buildMembers(
  old: readonly AccessListMember[],
  list: string,
  memberIds: readonly string[],
  users: ReadonlyMap<string, ObservedUser> | undefined,
  { now, by }: { readonly now: number; readonly by: string },
): AccessListMember[] {
  const byId = new Map(old.flatMap((one) => (one.awsUserId === undefined ? [] : [[one.awsUserId, one]])))
  const found = memberIds.map((awsUserId): AccessListMember => {
    const name = users?.get(awsUserId)?.userName ?? awsUserId
    const known = byId.get(awsUserId)
    if (known?.name === name) return known
    const reason = 'member of the group in Identity Center'
    return {
      list,
      kind: 'user',
      name,
      awsUserId,
      joinedAt: now,
      expiresAt: undefined,
      addedBy: by,
      reason,
    }
  })
  const names = new Set(found.map(({ name }) => name))
  const own = old.filter(({ awsUserId, kind, name }) => {
    return awsUserId === undefined && (kind !== 'user' || !names.has(name))
  })
  return [...found, ...own].sort((a, b) => compareText(a.kind, b.kind) || compareText(a.name, b.name))
}

function isSameList(a: AccessList, b: AccessList): boolean {
  return (
    a.title === b.title &&
    ownerNames(a.owners) === ownerNames(b.owners) &&
    a.grants.roles.length === b.grants.roles.length &&
    new Set([...a.grants.roles, ...b.grants.roles]).size === a.grants.roles.length
  )
}

function isSameMembers(a: readonly AccessListMember[], b: readonly AccessListMember[]): boolean {
  const kept = new Set(a)
  return a.length === b.length && b.every((member) => kept.has(member))
}

/**
 * A bond makes the sync answer for a user, so it is made only for people whom the plugin pushes and whose direct
 * assignments are known: an unknown one would look like drift.
 */
function linkUsers({ settings, observation, users, now }: ImportFacts, before: BeforeImport): Link[] {
  return matchUsers(observation.users ?? new Map<string, ObservedUser>(), users).flatMap(({ aws, user }) => {
    if (user === undefined || !passesUserFilters(settings.userFilters, user)) return []
    if (!observation.assignments.has(principalKey('user', aws.id))) return []
    const known = before.userLinks.get(user.name)
    // Whoever imports says that the two are one person, also where the user here was made anew meanwhile.
    if (known?.awsId === aws.id) return [{ ...known, unwantedSince: undefined }]
    const link = { kind: 'user', name: user.name, awsId: aws.id, origin: 'imported' } as const
    return [{ ...link, linkedAt: now, unwantedSince: undefined }]
  })
}

function directAssignments({ observation, now }: ImportFacts, before: BeforeImport): LedgerEntry[] {
  const reasons = [{ kind: 'found' }] as const
  return [...observation.assignments]
    .filter(([principal]) => principal.startsWith('user/'))
    .flatMap(([principal, pairs]) =>
      [...pairs].map((target) => ({ kind: 'assignment', principal, target, reasons }) as const),
    )
    .sort((a, b) => compareText(a.principal, b.principal) || compareText(a.target, b.target))
    .map((entry) => before.since(entry, now))
}
