/**
 * @module What roles reach in an inventory: the accounts with the permission sets that they give there, and which role
 * gives which. A denied pair hides that pair only; an account disappears where nothing of it is left. Worked out on
 * rows of bits, one for each account, so that cost goes with the patterns and the accounts, not with the pairs; only
 * the pairs of the page are written out. Says the same as `decidePair` for every pair.
 */
import { addBits, countBits, eachBit, emptyBits, hasBit, keepBits, removeBits, type Bits } from '../bits.js'
import { findPlace, formatCursor, parseCursor } from '../inventory/cursor.js'
import { accountTexts, indexInventory } from '../inventory/inventory-index.js'
import type { Account, Inventory, PermissionSet } from '../inventory/inventory.js'
import { searchPairs, splitWords } from '../inventory/pair-search.js'
import { compileEntry } from './account-assignment.js'
import { finish, patternPlaces, type InSteps, type PatternPlaces } from './pattern-places.js'
import type { AccountAssignmentMatcher, Role } from './role.js'

export interface AccountReach {
  readonly account: Account
  /** By name. */
  readonly permissionSets: readonly ReachedSet[]
}

export interface ReachedSet {
  readonly permissionSet: PermissionSet
  /** Names of the roles that give it, sorted, at most {@link maxRolesNamed}. */
  readonly roles: readonly string[]
  /** How many more roles give it. */
  readonly moreRoles: number
}

export interface ReachTotal {
  readonly accounts: number
  readonly pairs: number
}

export interface ReachPage {
  readonly items: readonly AccountReach[]
  /** To be given as `after` for the next page; undefined on the last one. */
  readonly next: string | undefined
  /** Of all pages. */
  readonly total: ReachTotal
}

/** A person with 200 administrator roles has 200 names at every pair; nobody reads more than these. */
export const maxRolesNamed = 10
/** A page ends after the account that reaches this number, so that it stays small whatever somebody may do. */
export const maxPairsOnPage = 2000

/**
 * Accounts by name with what the roles give in each, as far as the name of the pair has every word of `search`.
 * @throws GatewayError `INVALID_INPUT` for an `after` that no page gave.
 */
export function listReach(
  roles: readonly Role[],
  inventory: Inventory,
  page: { readonly search?: string | undefined; readonly after?: string | undefined; readonly limit: number },
): ReachPage {
  const { accounts, permissionSets } = indexInventory(inventory)
  const grants = finish(placeRoles(roles, inventory))
  const rows = reachedRows(grants, accounts.length, permissionSets.length)
  keepFound(rows, inventory, page.search)
  let at = page.after === undefined ? 0 : findStart(accounts, page.after)
  const items: AccountReach[] = []
  let pairs = 0
  for (; at < accounts.length && items.length < page.limit && pairs < maxPairsOnPage; at++) {
    const account = accounts[at]
    const row = rows[at]
    if (account === undefined || row === undefined) continue
    const sets = nameSets(row, at, grants, permissionSets)
    pairs += sets.length
    items.push({ account, permissionSets: sets })
  }
  const last = items.at(-1)
  const isLast = last === undefined || rows.slice(at).every((row) => row === undefined)
  return { items, next: isLast ? undefined : formatCursor(accountTexts(last.account)), total: totalOf(rows) }
}

/** How many accounts and pairs the roles reach. */
export function countReach(roles: readonly Role[], inventory: Inventory): ReachTotal {
  const { accounts, permissionSets } = indexInventory(inventory)
  return totalOf(reachedRows(finish(placeRoles(roles, inventory)), accounts.length, permissionSets.length))
}

/**
 * Tries the patterns of the roles on the inventory, which is nearly all that the first page of it costs. `listReach` finds
 * them done; what it answers is the same without.
 */
export function* prepareReach(roles: readonly Role[], inventory: Inventory): InSteps<void> {
  yield* placeRoles(roles, inventory)
}

/** The accounts and permission sets that one entry covers: all of these with all of those. Bits are shared. */
export interface Block {
  readonly accounts: Bits
  readonly sets: Bits
}

export interface PlacedRole {
  readonly name: string
  readonly allow: readonly Block[]
  readonly deny: readonly Block[]
}

/** What one role allows and denies, by the places of the inventory's index, for whoever combines roles by themselves. */
export function placeRole(role: Role, inventory: Inventory): PlacedRole {
  const places = patternPlaces(inventory)
  return {
    name: role.name,
    allow: finish(placeEntries(role.allow.accountAssignments, places)),
    deny: finish(placeEntries(role.deny.accountAssignments, places)),
  }
}

/** For each account the places of its permission sets; undefined where there are none. */
type Rows = (Bits | undefined)[]

function* placeRoles(roles: readonly Role[], inventory: Inventory): InSteps<PlacedRole[]> {
  const places = patternPlaces(inventory)
  const placed: PlacedRole[] = []
  for (const { name, allow, deny } of roles) {
    placed.push({
      name,
      allow: yield* placeEntries(allow.accountAssignments, places),
      deny: yield* placeEntries(deny.accountAssignments, places),
    })
  }
  return placed.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function* placeEntries(
  entries: readonly AccountAssignmentMatcher[],
  places: PatternPlaces,
): InSteps<Block[]> {
  const blocks: Block[] = []
  for (const entry of entries) {
    yield
    const { account, permissionSet } = compileEntry(entry)
    const accounts = yield* places.accounts(account)
    // Patterns of permission sets are the dear ones, and many entries name accounts that no longer exist.
    if (accounts.some((word) => word !== 0)) {
      blocks.push({ accounts, sets: yield* places.sets(permissionSet) })
    }
  }
  return blocks
}

function reachedRows(roles: readonly PlacedRole[], accounts: number, sets: number): Rows {
  const allowed = uniteBlocks(
    roles.flatMap(({ allow }) => allow),
    accounts,
    sets,
  )
  const denied = uniteBlocks(
    roles.flatMap(({ deny }) => deny),
    accounts,
    sets,
  )
  return allowed.map((row, at) => {
    const taken = denied[at]
    if (row !== undefined && taken !== undefined) removeBits(row, taken)
    return dropEmpty(row)
  })
}

/** Entries with the same accounts are put together first: roles share few patterns, and rows are long. */
function uniteBlocks(blocks: readonly Block[], accounts: number, sets: number): Rows {
  const byAccounts = new Map<Bits, Bits>()
  for (const block of blocks) {
    const united = byAccounts.get(block.accounts)
    if (united === undefined) byAccounts.set(block.accounts, block.sets.slice())
    else addBits(united, block.sets)
  }
  const rows: Rows = new Array<undefined>(accounts).fill(undefined)
  for (const [accountBits, setBits] of byAccounts) {
    eachBit(accountBits, (at) => addBits((rows[at] ??= emptyBits(sets)), setBits))
  }
  return rows
}

function keepFound(rows: Rows, inventory: Inventory, search: string | undefined): void {
  if (splitWords(search).length === 0) return
  const { setsOf } = searchPairs(inventory, search)
  rows.forEach((row, at) => {
    if (row === undefined) return
    keepBits(row, setsOf(at))
    rows[at] = dropEmpty(row)
  })
}

function dropEmpty(row: Bits | undefined): Bits | undefined {
  return row?.some((word) => word !== 0) ? row : undefined
}

function totalOf(rows: Rows): ReachTotal {
  let accounts = 0
  let pairs = 0
  for (const row of rows) {
    if (row === undefined) continue
    accounts++
    pairs += countBits(row)
  }
  return { accounts, pairs }
}

function nameSets(
  row: Bits,
  account: number,
  roles: readonly PlacedRole[],
  permissionSets: readonly PermissionSet[],
): ReachedSet[] {
  const giving = roles.flatMap(({ name, allow }) => {
    const here = allow.filter(({ accounts }) => hasBit(accounts, account))
    if (here.length === 0) return []
    const sets = emptyBits(permissionSets.length)
    for (const block of here) addBits(sets, block.sets)
    return [{ name, sets }]
  })
  const named: ReachedSet[] = []
  eachBit(row, (at) => {
    const permissionSet = permissionSets[at]
    if (permissionSet === undefined) return
    const names: string[] = []
    let count = 0
    for (const { name, sets } of giving) {
      if (hasBit(sets, at) && ++count <= maxRolesNamed) names.push(name)
    }
    named.push({ permissionSet, roles: names, moreRoles: count - names.length })
  })
  return named
}

function findStart(accounts: readonly Account[], cursor: string): number {
  const { place, exact } = findPlace(accounts, accountTexts, parseCursor(cursor, 2))
  return exact ? place + 1 : place
}
