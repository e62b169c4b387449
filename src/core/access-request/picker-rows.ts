/**
 * @module What a person has, may ask for and is denied of all account assignments, as rows of bits: no pair is looked at
 * by itself. It says the same as `judgeItem` for every pair, and as `decidePair` with the requests that live.
 */
import { addBit, addBits, emptyBits, hasBit, removeBits, type Bits } from '../bits.js'
import type { TimeBoxedGrant } from '../entitlement/input.js'
import { unitePairs, withoutPairs, type PairRows } from '../entitlement/pair-rows.js'
import { splitPairKey } from '../identity-center/observation.js'
import { indexInventory } from '../inventory/inventory-index.js'
import type { Inventory } from '../inventory/inventory.js'
import type { Matcher } from '../matcher.js'
import { finish, type InSteps } from '../role/pattern-places.js'
import { placeRole, prepareReach, type Block } from '../role/reach.js'
import type { Role } from '../role/role.js'
import type { Instant } from '../time.js'
import type { ItemId } from './access-request.js'
import { requestJudge } from './may-request.js'
import { namePlaces } from './picker-names.js'
import { listNamed } from './role-patterns.js'
import type { Requester, RequestWorld } from './world.js'

/** A role that counts in AWS accounts, and how the person comes to it: "by the access list payments". */
export interface HeldRole {
  readonly role: Role
  readonly says: string
}

export interface PickerPerson {
  /** In the order in which they are told. */
  readonly held: readonly HeldRole[]
  /** What live requests of the person give. */
  readonly grants: readonly TimeBoxedGrant[]
  /** With the roles that say what may be asked for. */
  readonly requester: Requester
  /** What they asked for and nobody has decided yet. */
  readonly waiting?: ReadonlySet<ItemId>
}

/** What something gives or denies, by a name to tell: all of these blocks but those. */
export interface Source {
  readonly says: string
  readonly blocks: readonly Block[]
  readonly but: readonly Block[]
}

/** Sources are in the order in which they are told. */
export interface PickerRows {
  readonly have: PairRows
  /** Without what the person has. */
  readonly requestable: PairRows
  /** Would be one of the two, were it not denied. */
  readonly denied: PairRows
  readonly giving: readonly Source[]
  /** By the place of the account and the set: until when the last of the requests gives it. */
  readonly grants: ReadonlyMap<number, ReadonlyMap<number, Instant>>
  /** Names of the roles that let the person ask. */
  readonly allowing: readonly Source[]
  /** Names of the roles that deny. */
  readonly denying: readonly Source[]
}

/** Tries the patterns of these roles, which is nearly all that a first page costs; `pickerRows` finds them done. */
export function* preparePicker({ held, requester }: PickerPerson, world: RequestWorld): InSteps<void> {
  const { searchRoles } = requestJudge(requester, world)
  const roles = [...requester.roles, ...[...held, ...searchRoles].map(({ role }) => role)]
  yield* prepareReach([...new Set(roles)], world.inventory)
  yield* placeNamed(requester, 'allow', world.inventory)
  yield* placeNamed(requester, 'deny', world.inventory)
}

/** The part of it that goes without a person: what `request` of these roles names. */
export function* prepareNames(roles: readonly Role[], inventory: Inventory): InSteps<void> {
  const places = namePlaces(inventory)
  for (const { allow, deny } of roles) {
    for (const { request } of [allow, deny]) {
      if (request === undefined) continue
      for (const pattern of listNamed(request, {}).patterns) yield* places(pattern)
    }
  }
}

export function pickerRows({ held, grants, requester }: PickerPerson, world: RequestWorld): PickerRows {
  const { inventory } = world
  const size = inventory.permissionSets.length
  const placed = new Map(
    [...requester.roles, ...held.map(({ role }) => role)].map((role) => [role, placeRole(role, inventory)]),
  )
  const blocksOf = (role: Role, side: 'allow' | 'deny') => placed.get(role)?.[side] ?? []
  const sourceOf = (says: string, blocks: readonly Block[]): Source => ({ says, blocks, but: [] })
  const denialsOf = (roles: Iterable<Role>) =>
    [...roles].map((role) => sourceOf(role.name, blocksOf(role, 'deny')))

  const giving = held.map(({ role, says }) => sourceOf(says, blocksOf(role, 'allow')))
  const allowing = [
    ...finish(placeNamed(requester, 'allow', inventory)),
    ...requestJudge(requester, world).searchRoles.flatMap(({ role, allowedBy }) => {
      const { allow, deny } = placeRole(role, inventory)
      return allowedBy.map((says) => ({ says, blocks: allow, but: deny }))
    }),
  ]
  const deniedNames = finish(placeNamed(requester, 'deny', inventory))
  const ofGrants = placeGrants(grants, inventory)
  const given = uniteRows([rowsOf(giving, size), rowsOfGrants(ofGrants, size)])
  const asked = rowsOf(allowing, size)
  const have = withoutPairs(given, rowsOf(denialsOf(held.map(({ role }) => role)), size))
  const open = withoutPairs(asked, rowsOf([...deniedNames, ...denialsOf(requester.roles)], size))
  const requestable = withoutPairs(open, have)
  return {
    have,
    requestable,
    denied: withoutPairs(withoutPairs(uniteRows([given, asked]), have), requestable),
    giving,
    grants: ofGrants,
    allowing,
    denying: [...deniedNames, ...denialsOf(placed.keys())].filter(({ blocks }) => blocks.length > 0),
  }
}

/** The sources that speak of an account, with the permission sets that each means there. */
export function sourcesIn(
  sources: readonly Source[],
  account: number,
  size: number,
): readonly { readonly says: string; readonly sets: Bits }[] {
  const unite = (blocks: readonly Block[]): Bits => {
    const sets = emptyBits(size)
    for (const block of blocks) if (hasBit(block.accounts, account)) addBits(sets, block.sets)
    return sets
  }
  return sources.flatMap(({ says, blocks, but }) => {
    if (!blocks.some(({ accounts }) => hasBit(accounts, account))) return []
    const sets = unite(blocks)
    removeBits(sets, unite(but))
    return [{ says, sets }]
  })
}

/** Everything that is in any of them. */
export function uniteRows(all: readonly PairRows[]): PairRows {
  const rows = new Map<number, Bits>()
  for (const some of all) {
    for (const [account, row] of some) {
      const known = rows.get(account)
      if (known === undefined) rows.set(account, row.slice())
      else addBits(known, row)
    }
  }
  return rows
}

function rowsOf(sources: readonly Source[], size: number): PairRows {
  const plain = sources.filter(({ but }) => but.length === 0).flatMap(({ blocks }) => blocks)
  const cut = sources.filter(({ but }) => but.length > 0)
  const rows = unitePairs(plain, size)
  if (cut.length === 0) return rows
  return uniteRows([
    rows,
    ...cut.map(({ blocks, but }) => withoutPairs(unitePairs(blocks, size), unitePairs(but, size))),
  ])
}

/** What `request` of each role names on one side, by the name of the role. */
function* placeNamed(
  { roles, user }: Requester,
  side: 'allow' | 'deny',
  inventory: Inventory,
): InSteps<Source[]> {
  const places = namePlaces(inventory)
  const sources: Source[] = []
  for (const { name, [side]: conditions } of roles) {
    if (conditions.request === undefined) continue
    const { patterns, claimed } = listNamed(conditions.request, user.traits)
    const blocks: Block[] = []
    for (const pattern of [...patterns, ...[...claimed].map(literal)])
      blocks.push(...(yield* places(pattern)))
    if (blocks.length > 0) sources.push({ says: name, blocks, but: [] })
  }
  return sources.sort((a, b) => (a.says < b.says ? -1 : 1))
}

/** Names that claims give are no patterns, whatever characters they have. */
function literal(name: string): Matcher {
  return { kind: 'literal', pattern: name, matches: (text) => text === name }
}

/** Without what the inventory does not know. */
function placeGrants(grants: readonly TimeBoxedGrant[], inventory: Inventory): PickerRows['grants'] {
  const { accountById, setByArn } = indexInventory(inventory)
  const placed = new Map<number, Map<number, Instant>>()
  for (const { pair, until } of grants) {
    const { accountId, permissionSetArn } = splitPairKey(pair)
    const account = accountById.get(accountId)
    const set = setByArn.get(permissionSetArn)
    if (account === undefined || set === undefined) continue
    const sets = placed.get(account) ?? new Map<number, Instant>()
    placed.set(account, sets.set(set, Math.max(until, sets.get(set) ?? until)))
  }
  return placed
}

function rowsOfGrants(grants: PickerRows['grants'], size: number): PairRows {
  return new Map(
    [...grants].map(([account, sets]) => {
      const row = emptyBits(size)
      for (const set of sets.keys()) addBit(row, set)
      return [account, row]
    }),
  )
}
