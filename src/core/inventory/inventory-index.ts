/**
 * @module An inventory in the order in which it is shown, with what finds an account or a permission set at once.
 * Made once for each inventory value and forgotten with it. A place is the index in the sorted list: the number by
 * which sets of bits name accounts and permission sets.
 */
import type { Account, Inventory, PermissionSet } from './inventory.js'

export interface InventoryIndex {
  /** By name, then id. */
  readonly accounts: readonly Account[]
  /** By name, then ARN. */
  readonly permissionSets: readonly PermissionSet[]
  readonly accountById: ReadonlyMap<string, number>
  readonly setByArn: ReadonlyMap<string, number>
  /** Names of permission sets are unique within an instance of Identity Center. */
  readonly setByName: ReadonlyMap<string, number>
}

const known = new WeakMap<Inventory, InventoryIndex>()

export function indexInventory(inventory: Inventory): InventoryIndex {
  const found = known.get(inventory)
  if (found !== undefined) return found
  const accounts = sortByTexts(inventory.accounts, accountTexts)
  const permissionSets = sortByTexts(inventory.permissionSets, setTexts)
  const index = {
    accounts,
    permissionSets,
    accountById: new Map(accounts.map(({ id }, place) => [id, place])),
    setByArn: new Map(permissionSets.map(({ arn }, place) => [arn, place])),
    setByName: new Map(permissionSets.map(({ name }, place) => [name, place])),
  }
  known.set(inventory, index)
  return index
}

/** What the order of accounts goes by. */
export function accountTexts({ name, id }: Account): readonly [string, string] {
  return [name, id]
}

/** What the order of permission sets goes by. */
export function setTexts({ name, arn }: PermissionSet): readonly [string, string] {
  return [name, arn]
}

function sortByTexts<T>(items: readonly T[], textsOf: (item: T) => readonly [string, string]): T[] {
  return [...items].sort((a, b) => {
    const [nameA, idA] = textsOf(a)
    const [nameB, idB] = textsOf(b)
    return compareText(nameA, nameB) || compareText(idA, idB)
  })
}

/** By code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
