/**
 * @module Account assignment roles by page: by permission set, then account, found by words. Cost and memory go with
 * accounts plus permission sets and with the page, never with their product.
 */
import { nextBit } from '../bits.js'
import { findPlace, formatCursor, parseCursor } from './cursor.js'
import { accountTexts, indexInventory, setTexts } from './inventory-index.js'
import type { Inventory } from './inventory.js'
import type { Pair } from './pair.js'
import { countPairs, searchPairs, type PairSearch } from './pair-search.js'

/**
 * Where a page begins: `skip` pairs that were found and not shown behind the one whose cursor is `after`. So a place tells
 * names only of what was shown.
 */
export interface AssignmentRolePlace {
  readonly after: string | undefined
  readonly skip: number
}

export interface AssignmentRolePageInput {
  readonly search?: string | undefined
  /** The beginning without it. */
  readonly from?: AssignmentRolePlace | undefined
  readonly limit: number
  /** Pairs that are found and looked at until the page ends, full or not; all without it. */
  readonly maxLooked?: number
  /** Whether a pair is shown; every one without it. */
  readonly shows?: (pair: Pair) => boolean
}

export interface AssignmentRolePage {
  readonly pairs: readonly Pair[]
  /** Where the next page begins; undefined on the last one. */
  readonly next: AssignmentRolePlace | undefined
  /** Of all pages; undefined where not every pair is shown. */
  readonly total: number | undefined
}

/**
 * The pairs whose names have every word of `search`, in any case, in the order of the names of permission set and
 * account. A page goes on rightly after accounts and permission sets have come or gone.
 * @throws GatewayError `INVALID_INPUT` for an `after` that no page gave.
 */
export function listAssignmentRoles(inventory: Inventory, page: AssignmentRolePageInput): AssignmentRolePage {
  const { from = { after: undefined, skip: 0 }, limit, maxLooked = Infinity, shows } = page
  const search = searchPairs(inventory, page.search)
  const total = shows === undefined ? countPairs(inventory, search) : undefined
  const pairs: Pair[] = []
  let { after, skip } = from
  let passed = 0
  let looked = 0
  for (const pair of pairsFrom(inventory, search, after)) {
    if (passed < from.skip) {
      passed++
      continue
    }
    if (pairs.length === limit || looked === maxLooked) return { pairs, next: { after, skip }, total }
    looked++
    if (shows === undefined || shows(pair)) {
      pairs.push(pair)
      after = cursorAfter(pair)
      skip = 0
    } else {
      skip++
    }
  }
  return { pairs, next: undefined, total }
}

/** In their order, behind the pair of the cursor. */
function* pairsFrom(inventory: Inventory, search: PairSearch, after: string | undefined): Generator<Pair> {
  const { accounts, permissionSets } = indexInventory(inventory)
  const start = after === undefined ? { set: 0, account: 0 } : findStart(inventory, after)
  for (let set = start.set; set < permissionSets.length; set++) {
    const permissionSet = permissionSets[set]
    if (permissionSet === undefined) return
    const row = search.accountsOf(set)
    for (let at = nextBit(row, set === start.set ? start.account : 0); at >= 0; at = nextBit(row, at + 1)) {
      const account = accounts[at]
      if (account === undefined) break
      yield { account, permissionSet }
    }
  }
}

function cursorAfter({ permissionSet, account }: Pair): string {
  return formatCursor([...setTexts(permissionSet), ...accountTexts(account)])
}

/** The first place after the pair of the cursor. */
function findStart(inventory: Inventory, cursor: string): { readonly set: number; readonly account: number } {
  const texts = parseCursor(cursor, 4)
  const { accounts, permissionSets } = indexInventory(inventory)
  const set = findPlace(permissionSets, setTexts, texts.slice(0, 2))
  // A set that is gone leaves its place to the next one, of which nothing has been shown.
  if (!set.exact) return { set: set.place, account: 0 }
  const account = findPlace(accounts, accountTexts, texts.slice(2))
  return { set: set.place, account: account.place + (account.exact ? 1 : 0) }
}
