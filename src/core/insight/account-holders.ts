/**
 * @module Everybody who reaches an account, or one permission set in it: in one pass over lists and people, on sets of
 * bits for the permission sets of this account alone, so that cost goes with people and memberships and never with all
 * pairs. Says for each person what `decidePair` says of their roles, beside requests and what is in AWS. The ways
 * themselves are written out for those on a page (`holder-paths.ts`).
 */
import type { AccessList } from '../access-list/access-list.js'
import type { FlatLists } from '../access-list/flatten.js'
import { addBit, addBits, emptyBits, hasBit, keepBits, removeBits, type Bits } from '../bits.js'
import type { DesiredInput, DesiredInputUser } from '../entitlement/input.js'
import { splitPairKey, type PairKey } from '../identity-center/observation.js'
import { compareText, indexInventory } from '../inventory/inventory-index.js'
import type { Inventory, PermissionSet } from '../inventory/inventory.js'
import type { Instant } from '../time.js'
import { AccountRoles, isEmpty, type AccountQuestion, type AccountRolesInput } from './account-roles.js'
import { findStanding } from './standing.js'

type FromDesired =
  'users' | 'lists' | 'members' | 'lockedRoles' | 'grants' | 'whenOverdue' | 'lastLeft' | 'now'

export interface HoldersInput extends Pick<DesiredInput, FromDesired>, AccountRolesInput {
  /** Direct assignments of users in AWS that no role, list or request here gives. */
  readonly inAws: readonly DirectAssignment[]
}

export interface DirectAssignment {
  /** Of the user here, or the name that Identity Center has. */
  readonly user: string
  readonly pair: PairKey
  /** Whether import found it and it is kept; what is not is drift, or not ours. */
  readonly isKept: boolean
}

/** One reason for which somebody has permission sets of the account. */
export type Source = { readonly sets: Bits } & (
  | { readonly by: 'role'; readonly role: string }
  | {
      readonly by: 'list' | 'list_owner'
      readonly list: string
      readonly role: string
      /** From the list that gives it to the one that has the person, as `FlatMember` says. */
      readonly path: readonly string[]
    }
  | { readonly by: 'request'; readonly request: string; readonly until: Instant }
  | { readonly by: 'found' | 'aws' }
)

export interface AccountHolder {
  readonly user: string
  /** False for a name that only Identity Center, or a membership, has. */
  readonly isUser: boolean
  readonly lock: DesiredInputUser['lock']
  /** Some of their roles or lists cannot be read, and may deny what is told here. */
  readonly isUnclear: boolean
  /** The permission sets that they have there, by the places of the inventory's index. */
  readonly sets: Bits
  readonly sources: readonly Source[]
  /** What roles of theirs deny there of what others give. */
  readonly denied: Bits
}

export interface AccountHolders {
  /** By name. */
  readonly holders: readonly AccountHolder[]
  /** Those who would have it, and are denied all of it by a role. */
  readonly refused: readonly AccountHolder[]
}

export interface HoldersQuestion extends AccountQuestion {
  /** This person alone. */
  readonly user?: string | undefined
}

export function findAccountHolders(input: HoldersInput, question: HoldersQuestion): AccountHolders {
  const byName = new Map(input.users.map((user) => [user.name, user]))
  const { lists, flat, withoutGrants, users } = findStanding(input)
  const here = new AccountRoles(input, question)
  const given = collectGiven({ lists, flat, withoutGrants, here, user: question.user })
  const beside = collectBeside(input, question, here, flat)
  const holders: AccountHolder[] = []
  const refused: AccountHolder[] = []
  const see = (user: Pick<DesiredInputUser, 'name' | 'lock'>, own: readonly string[] | undefined): void => {
    const fromLists = given.get(user.name)
    const besides = beside.get(user.name) ?? []
    if (own?.length === 0 && fromLists === undefined && besides.length === 0) return
    const holder = judge(here, user, own, fromLists ?? nothing, besides)
    if (holder === undefined) return
    if (!isEmpty(holder.sets)) holders.push(holder)
    else if (!isEmpty(holder.denied)) refused.push(holder)
  }
  for (const user of users) {
    if (question.user === undefined || user.name === question.user) {
      see(user, user.unreadable === true ? undefined : user.roles)
    }
  }
  for (const name of new Set([...given.keys(), ...beside.keys()])) {
    if (byName.has(name) || (question.user !== undefined && name !== question.user)) continue
    see({ name, lock: undefined }, [])
  }
  holders.sort((a, b) => compareText(a.user, b.user))
  const known = holders.map((holder) => (byName.has(holder.user) ? holder : { ...holder, isUser: false }))
  return { holders: known, refused }
}

interface Given {
  readonly sources: readonly Extract<Source, { by: 'list' | 'list_owner' }>[]
  readonly deny: readonly Bits[]
  readonly isUnclear: boolean
}
const nothing: Given = { sources: [], deny: [], isUnclear: false }

/** Undefined for whom nothing gives anything. */
function judge(
  here: AccountRoles,
  { name, lock }: Pick<DesiredInputUser, 'name' | 'lock'>,
  own: readonly string[] | undefined,
  fromLists: Given,
  beside: readonly Source[],
): AccountHolder | undefined {
  const roles = [...new Set(own)].flatMap((role) => here.find(role) ?? [])
  const direct = roles
    .filter(({ allow }) => !isEmpty(allow))
    .map(({ shownAs, allow }): Source => ({ by: 'role', role: shownAs, sets: allow }))
  const sources = [...direct, ...fromLists.sources, ...beside]
  if (sources.length === 0) return undefined
  const sets = emptyBits(here.size)
  for (const source of sources) if (source.by !== 'aws') addBits(sets, source.sets)
  const denying = emptyBits(here.size)
  for (const { deny } of roles) addBits(denying, deny)
  for (const deny of fromLists.deny) addBits(denying, deny)
  const denied = sets.slice()
  keepBits(denied, denying)
  removeBits(sets, denying)
  // What is in AWS is there, whatever roles deny.
  for (const source of sources) {
    if (source.by === 'aws') addBits(sets, source.sets)
  }
  const isUnclear = own === undefined || fromLists.isUnclear
  return { user: name, isUser: true, lock, isUnclear, sets, sources, denied }
}

function collectGiven({
  lists,
  flat,
  withoutGrants,
  here,
  user,
}: {
  readonly lists: ReadonlyMap<string, AccessList | undefined>
  readonly flat: FlatLists
  readonly withoutGrants: ReadonlySet<string>
  readonly here: AccountRoles
  readonly user: string | undefined
}): Map<string, Given> {
  const given = new Map<string, { sources: Given['sources'][number][]; deny: Bits[]; isUnclear: boolean }>()
  const of = (name: string) => {
    let found = given.get(name)
    if (found === undefined) given.set(name, (found = { sources: [], deny: [], isUnclear: false }))
    return found
  }
  const wanted = <T>(people: ReadonlyMap<string, T>): Iterable<readonly [string, T]> => {
    if (user === undefined) return people
    const one = people.get(user)
    return one === undefined ? [] : [[user, one]]
  }
  for (const [name, { users, owners }] of flat.lists) {
    if (withoutGrants.has(name)) continue
    const list = lists.get(name)
    if (list === undefined) {
      for (const [person] of wanted(users)) of(person).isUnclear = true
      continue
    }
    const sides = [
      ['list', users, list.grants.roles],
      ['list_owner', owners, list.ownerGrants.roles],
    ] as const
    for (const [by, people, names] of sides) {
      const roles = [...new Set(names)].flatMap((role) => here.find(role) ?? [])
      if (roles.length === 0) continue
      for (const [person, { path }] of wanted<{ readonly path: readonly string[] }>(people)) {
        const one = of(person)
        for (const { shownAs, allow, deny } of roles) {
          if (!isEmpty(allow)) one.sources.push({ by, list: name, role: shownAs, path, sets: allow })
          if (!isEmpty(deny)) one.deny.push(deny)
        }
      }
    }
  }
  return given
}

/** What requests give and what is in AWS, by name of the person. */
function collectBeside(
  { grants, inAws, inventory }: HoldersInput,
  { account }: HoldersQuestion,
  here: AccountRoles,
  flat: FlatLists,
): Map<string, Source[]> {
  const { setByArn } = indexInventory(inventory)
  const found = new Map<string, Source[]>()
  const bitOf = (pair: PairKey): Bits | undefined => {
    const { accountId, permissionSetArn } = splitPairKey(pair)
    const place = accountId === account.id ? setByArn.get(permissionSetArn) : undefined
    if (place === undefined || !hasBit(here.wanted, place)) return undefined
    const bits = emptyBits(here.size)
    addBit(bits, place)
    return bits
  }
  const add = (user: string, source: Source): void => {
    const of = found.get(user)
    if (of === undefined) found.set(user, [source])
    else of.push(source)
  }
  for (const { user, pair, request, until, asMemberOf } of grants) {
    // Left by a promotion: it stands in for the membership, which is told by itself.
    if (asMemberOf !== undefined && flat.lists.get(asMemberOf)?.users.has(user) !== true) continue
    const sets = bitOf(pair)
    if (sets !== undefined) add(user, { by: 'request', request, until, sets })
  }
  for (const { user, pair, isKept } of inAws) {
    const sets = bitOf(pair)
    if (sets !== undefined) add(user, { by: isKept ? 'found' : 'aws', sets })
  }
  return found
}

/** For tests and callers that ask about one permission set. */
export function holdsSet(
  { sets }: Pick<AccountHolder, 'sets'>,
  inventory: Inventory,
  { arn }: Pick<PermissionSet, 'arn'>,
): boolean {
  const place = indexInventory(inventory).setByArn.get(arn)
  return place !== undefined && hasBit(sets, place)
}
