/**
 * @module Who gets what: the groups with their members and pairs, and the pairs of single users. Made in one pass over
 * lists and one over people; belongs to `build-desired.ts`.
 */
import type { AccessList } from '../access-list/access-list.js'
import type { FlatList, FlatLists } from '../access-list/flatten.js'
import type { GrantReason, PairKey } from '../identity-center/observation.js'
import { isDisplayText } from './attributes.js'
import type { DesiredGroup, MemberRef, SetAside } from './desired.js'
import type { DesiredInput, DesiredInputUser, TimeBoxedGrant } from './input.js'
import { sharePair, withoutPairs, type PairRows } from './pair-rows.js'
import type { PairReasons, RoleAccess } from './role-access.js'

interface Person {
  readonly input: DesiredInputUser
  readonly isLocked: boolean
  /** Names of roles that deny something, held directly or by lists; sorted. */
  readonly denying: readonly string[]
  readonly denied: PairRows
  readonly directRoles: readonly string[]
}

/** What a person is given singly: in place of a group, or as an owner. */
interface SinglePairs {
  readonly rows: PairRows
  readonly reasons: readonly GrantReason[]
}

/** A list that somebody is in or owns; undefined where it cannot be read. */
interface HeldList {
  readonly name: string
  readonly side: 'member' | 'owner'
  readonly list: AccessList | undefined
}

interface EntitlementFacts {
  readonly people: readonly DesiredInputUser[]
  readonly lists: ReadonlyMap<string, AccessList | undefined>
  readonly flat: FlatLists
  /** Overdue lists: they and what they give owners count for nothing. */
  readonly withoutGrants: ReadonlySet<string>
  readonly roles: RoleAccess
  readonly input: DesiredInput
}

const noAssignments: PairReasons = new Map()

export class Entitlements {
  /** Names of users of whom it is not known what is wanted. */
  readonly unclear = new Set<string>()
  /** Names of users who would get more pairs than a principal may have. */
  readonly overLimit = new Set<string>()
  /** Promoted requests whose requester is no member of the list. */
  readonly endedPromotions = new Set<string>()
  readonly groups = new Map<string, DesiredGroup>()
  readonly setAside: SetAside[] = []
  readonly notes: string[] = []

  readonly #input: DesiredInput
  readonly #roles: RoleAccess
  readonly #withoutGrants: ReadonlySet<string>
  readonly #lists: EntitlementFacts['lists']
  readonly #flat: FlatLists
  readonly #people = new Map<string, Person>()
  readonly #single = new Map<string, SinglePairs[]>()

  constructor({ people, lists, flat, withoutGrants, roles, input }: EntitlementFacts) {
    this.#input = input
    this.#roles = roles
    this.#withoutGrants = withoutGrants
    this.#lists = lists
    this.#flat = flat
    const bySide = {
      member: listsByPerson(flat, ({ users }) => users),
      owner: listsByPerson(flat, ({ owners }) => owners),
    }
    for (const person of people) {
      const of = (side: keyof typeof bySide) =>
        (bySide[side].get(person.name) ?? []).map((name) => ({ name, side, list: lists.get(name) }))
      this.#readPerson(person, [...of('member'), ...of('owner')])
    }
    const displayNames = new Map<string, string>()
    for (const [name, members] of flat.lists) {
      const list = lists.get(name)
      if (list === undefined) this.#refuseList(name, 'unreadable', unreadableList)
      else this.#readList(list, members, displayNames)
    }
  }

  #readPerson(input: DesiredInputUser, held: readonly HeldList[]): void {
    const { name } = input
    const inForce = held.filter((one) => !this.#withoutGrants.has(one.name))
    const problem = this.#findUnclear(input, inForce)
    if (problem !== undefined) {
      this.unclear.add(name)
      this.setAside.push({ kind: 'user', name, code: 'unreadable', ...problem })
      if (input.lock === undefined) return
    }
    const directRoles = input.unreadable === true ? [] : sortNames(input.roles)
    const isLocked = input.lock !== undefined
    const denying = isLocked ? [] : this.#roles.denying(sortNames([...directRoles, ...rolesOf(inForce)]))
    const denied = this.#roles.denied(denying)
    this.#people.set(name, { input, isLocked, denying, denied, directRoles })
    if (!isLocked) this.#giveOwner(name, inForce, denied)
  }

  /** A group in AWS has members alone, so owners are given what their lists give them singly. */
  #giveOwner(name: string, held: readonly HeldList[], denied: PairRows): void {
    for (const { side, list } of held) {
      if (side !== 'owner' || list === undefined || list.ownerGrants.roles.length === 0) continue
      const rows = withoutPairs(this.#roles.allowed(sortNames(list.ownerGrants.roles)), denied)
      if (rows.size > 0) this.#addToSingle(name, { rows, reasons: [{ kind: 'list_owner', list: list.name }] })
    }
  }

  #addToSingle(name: string, pairs: SinglePairs): void {
    const of = this.#single.get(name)
    if (of === undefined) this.#single.set(name, [pairs])
    else of.push(pairs)
  }

  /** A denial may hide in whatever cannot be read, and so may a grant: the person is left as they are. */
  #findUnclear(
    input: DesiredInputUser,
    held: readonly HeldList[],
  ): Pick<SetAside, 'says' | 'remedy'> | undefined {
    if (input.unreadable === true) {
      return { says: 'The user cannot be read.', remedy: 'Correct the document of the user.' }
    }
    const unread = held.find(({ list }) => list === undefined)
    if (unread !== undefined) {
      return {
        says: `The access list ${unread.name}, of which the user is a member, cannot be read.`,
        remedy: `Correct the document of the access list ${unread.name}.`,
      }
    }
    const role = this.#roles.findUnreadable(sortNames([...input.roles, ...rolesOf(held)]))
    return role === undefined ? undefined : unreadableRole(role)
  }

  #readList(list: AccessList, flat: FlatList, displayNames: Map<string, string>): void {
    const names = sortNames(list.grants.roles)
    const role = this.#roles.findUnreadable(names)
    if (role !== undefined) {
      this.#refuseList(list.name, 'unreadable', unreadableRole(role))
      return
    }
    const rows = this.#roles.given(names)
    const imported = list.origin.kind === 'imported' && list.origin.plugin === this.#input.settings.name
    // A group that was not made here may carry more than we see (T19).
    const isAdopted = this.#input.adoptedLists?.has(list.name) === true
    if (rows.size === 0 && !imported && !isAdopted) return
    const count = this.#roles.count(rows)
    if (count > this.#input.settings.guard.pairsOfPrincipal) {
      this.#refuseList(list.name, 'too_many_pairs', this.#tooMany(count))
      return
    }
    this.#judgeName(list, displayNames)
    const leftOut = new Map<string, string>()
    this.groups.set(list.name, {
      list: list.name,
      displayName: list.title,
      origin: imported ? 'imported' : 'local',
      members: this.#chooseMembers(list, flat, rows, leftOut),
      leftOut,
      // The group stays, with whom it has: its id is kept for when the list is reviewed.
      pairs: this.#withoutGrants.has(list.name)
        ? noAssignments
        : this.#roles.listPairs(rows, [{ kind: 'list', list: list.name }]),
      ended: flat.ended,
    })
  }

  /** Adds whom a role keeps out to `leftOut`. */
  #chooseMembers(
    list: AccessList,
    flat: FlatList,
    rows: PairRows,
    leftOut: Map<string, string>,
  ): MemberRef[] {
    const members: MemberRef[] = []
    for (const [name, { awsUserId }] of flat.users) {
      const person = this.#people.get(name)
      if (person === undefined) {
        // Nobody of ours: a member by what import found (T18). One who is set aside stays as they are.
        if (awsUserId !== undefined && !this.unclear.has(name)) members.push({ by: 'id', awsUserId, name })
        continue
      }
      if (person.isLocked) continue
      if (sharePair(rows, person.denied)) leftOut.set(name, this.#leaveOut(person, list, rows))
      else members.push({ by: 'name', name, ...(awsUserId === undefined ? {} : { awsUserId }) })
    }
    return members
  }

  /** Answers the role that denies. */
  #leaveOut({ input: { name }, denying, denied }: Person, list: AccessList, rows: PairRows): string {
    const deniedBy = denying.find((role) => sharePair(rows, this.#roles.denied([role]))) ?? ''
    if (this.#withoutGrants.has(list.name)) return deniedBy
    const rest = withoutPairs(rows, denied)
    this.#addToSingle(name, {
      rows: rest,
      reasons: [{ kind: 'list_member', list: list.name, deniedBy }],
    })
    const count = this.#roles.count(rest)
    this.notes.push(
      `${name} is left out of the group ${list.title}, since the role ${deniedBy} denies a part of what it gives; ` +
        (count === 0 ? 'nothing else is left of it.' : `the rest is given singly (${countWords(count)}).`),
    )
    return deniedBy
  }

  #judgeName({ name, title }: AccessList, displayNames: Map<string, string>): void {
    if (!isDisplayText(title)) {
      this.#refuseList(name, 'invalid_attribute', {
        says: 'The title of the list is empty, longer than 1,024 characters or has characters that Identity Center refuses.',
        remedy: 'Give the access list another title.',
      })
      return
    }
    const other = displayNames.get(title)
    if (other === undefined) displayNames.set(title, name)
    else {
      this.#refuseList(name, 'duplicate_name', {
        says: `The access list ${other} has the same title, and groups in Identity Center have names of their own.`,
        remedy: `Give ${name} or ${other} another title.`,
      })
    }
  }

  #refuseList(name: string, code: SetAside['code'], words: Pick<SetAside, 'says' | 'remedy'>): void {
    this.setAside.push({ kind: 'group', name, code, ...words })
  }

  #tooMany(count: number): Pick<SetAside, 'says' | 'remedy'> {
    const limit = this.#input.settings.guard.pairsOfPrincipal
    return {
      says: `Roles give ${countWords(count)}; the limit is ${limit.toLocaleString('en')}.`,
      remedy: 'Narrow the patterns in account_assignments, or raise guard.pairs_of_principal of the plugin.',
    }
  }

  /** Direct assignments by name of the user, for those who have any. Called once, after all lists. */
  listUserPairs(): Map<string, PairReasons> {
    const grants = groupGrants(this.#input)
    const known = new Map<string, PairReasons | number>()
    const pairs = new Map<string, PairReasons>()
    for (const [name, person] of this.#people) {
      if (person.isLocked) continue
      const held = this.#listHeld(person, known)
      const single = this.#single.get(name) ?? []
      const ofPerson =
        typeof held === 'number' ? held : this.#addSingle(person, held, single, grants.get(name) ?? [])
      const count = typeof ofPerson === 'number' ? ofPerson : ofPerson.size
      if (typeof ofPerson === 'number' || count > this.#input.settings.guard.pairsOfPrincipal) {
        this.overLimit.add(name)
        this.setAside.push({ kind: 'user', name, code: 'too_many_pairs', ...this.#tooMany(count) })
      } else if (count > 0) pairs.set(name, ofPerson)
    }
    return pairs
  }

  /** What direct roles give, the same value for all who have the same roles; a number where it is too much. */
  #listHeld(
    { directRoles, denying, denied }: Person,
    known: Map<string, PairReasons | number>,
  ): PairReasons | number {
    const key = `${directRoles.join('\n')}\n\n${denying.join('\n')}`
    let held = known.get(key)
    if (held === undefined) {
      const rows = withoutPairs(this.#roles.allowed(directRoles), denied)
      const count = this.#roles.count(rows)
      held =
        count > this.#input.settings.guard.pairsOfPrincipal
          ? count
          : this.#roles.listRoleReasons(rows, directRoles)
      known.set(key, held)
    }
    return held
  }

  #addSingle(
    { input: { name }, denied }: Person,
    held: PairReasons,
    single: readonly SinglePairs[],
    grants: readonly TimeBoxedGrant[],
  ): PairReasons | number {
    if (single.length === 0 && grants.length === 0) return held
    let most = 0
    for (const { rows } of single) most = Math.max(most, this.#roles.count(rows))
    if (most > this.#input.settings.guard.pairsOfPrincipal) return most
    const pairs = new Map<PairKey, readonly GrantReason[]>(held)
    const add = (pair: PairKey, reasons: readonly GrantReason[]): void => {
      pairs.set(pair, [...(pairs.get(pair) ?? []), ...reasons])
    }
    for (const { rows, reasons } of single) {
      for (const pair of this.#roles.listPairs(rows, reasons).keys()) add(pair, reasons)
    }
    for (const grant of grants) {
      if (!this.#isByMembership(grant)) continue
      const { pair, request, until } = grant
      const verdict = this.#roles.judge(pair, denied)
      if (verdict === 'open') add(pair, [{ kind: 'request', request, until }])
      if (verdict === 'denied') {
        this.notes.push(`A role denies ${name} what the request ${request} would give.`)
      }
    }
    return pairs
  }

  /** What a promotion left gives nothing that the membership does not give. */
  #isByMembership({ user, pair, request, asMemberOf: name }: TimeBoxedGrant): boolean {
    if (name === undefined) return true
    if (this.#flat.lists.get(name)?.users.has(user) !== true) {
      this.endedPromotions.add(request)
      return false
    }
    const list = this.#lists.get(name)
    if (list === undefined || this.#withoutGrants.has(name)) return false
    return this.#roles.judge(pair, this.#roles.given(sortNames(list.grants.roles))) === 'denied'
  }
}

const unreadableList = {
  says: 'The access list cannot be read.',
  remedy: 'Correct the document of the access list.',
}

function unreadableRole(role: string): Pick<SetAside, 'says' | 'remedy'> {
  return { says: `The role ${role} cannot be read.`, remedy: `Correct the document of the role ${role}.` }
}

function rolesOf(held: readonly HeldList[]): string[] {
  return held.flatMap(({ side, list }) => {
    if (list === undefined) return []
    return side === 'member' ? list.grants.roles : list.ownerGrants.roles
  })
}

/** Names of the lists that have each person, in the order of names. */
function listsByPerson(
  flat: FlatLists,
  peopleOf: (list: FlatList) => ReadonlyMap<string, unknown>,
): Map<string, string[]> {
  const lists = new Map<string, string[]>()
  for (const [list, of] of flat.lists) {
    for (const name of peopleOf(of).keys()) {
      const found = lists.get(name)
      if (found === undefined) lists.set(name, [list])
      else found.push(list)
    }
  }
  return lists
}

function sortNames(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}

/** Those in force, by user, in a stable order. */
function groupGrants({ grants, now }: DesiredInput): Map<string, TimeBoxedGrant[]> {
  const byUser = new Map<string, TimeBoxedGrant[]>()
  const place = ({ request, pair }: TimeBoxedGrant): string => `${request}\n${pair}`
  for (const grant of [...grants].sort((a, b) => (place(a) < place(b) ? -1 : 1))) {
    if (grant.until <= now) continue
    const of = byUser.get(grant.user)
    if (of === undefined) byUser.set(grant.user, [grant])
    else of.push(grant)
  }
  return byUser
}

function countWords(count: number): string {
  return count === 1 ? '1 assignment' : `${count.toLocaleString('en')} assignments`
}
