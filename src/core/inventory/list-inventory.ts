/** @module Accounts and permission sets by page, found by words: what people choose from. */
import { findPlace, formatCursor, parseCursor } from './cursor.js'
import { accountTexts, indexInventory, setTexts } from './inventory-index.js'
import type { Account, Inventory, PermissionSet } from './inventory.js'
import { splitWords } from './pair-search.js'

export interface InventoryPageInput {
  /** Words that must all be found, in any case. */
  readonly search?: string | undefined
  /** What the last page called `next`. */
  readonly after?: string | undefined
  readonly limit: number
}

export interface InventoryPage<T> {
  readonly items: readonly T[]
  readonly next: string | undefined
  /** Of all pages. */
  readonly total: number
}

/**
 * Accounts by name; words are looked for in names, former names too, id, address and organisational unit.
 * @throws GatewayError `INVALID_INPUT` for an `after` that no page gave.
 */
export function listAccounts(inventory: Inventory, page: InventoryPageInput): InventoryPage<Account> {
  return pageOf(indexInventory(inventory).accounts, accountTexts, page, (account) => [
    account.name,
    account.id,
    ...account.formerNames,
    account.email ?? '',
    account.ouPath ?? '',
  ])
}

/**
 * Permission sets by name; words are looked for in name, ARN and description.
 * @throws GatewayError `INVALID_INPUT` for an `after` that no page gave.
 */
export function listPermissionSets(
  inventory: Inventory,
  page: InventoryPageInput,
): InventoryPage<PermissionSet> {
  return pageOf(indexInventory(inventory).permissionSets, setTexts, page, (set) => [
    set.name,
    set.arn,
    set.description ?? '',
  ])
}

function pageOf<T>(
  sorted: readonly T[],
  orderOf: (item: T) => readonly string[],
  { search, after, limit }: InventoryPageInput,
  textsOf: (item: T) => readonly string[],
): InventoryPage<T> {
  const words = splitWords(search)
  const found = sorted.filter((item) => {
    const text = words.length === 0 ? '' : textsOf(item).join('\n').toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const start = after === undefined ? 0 : placeAfter(found, orderOf, after)
  const items = found.slice(start, start + limit)
  const last = items.at(-1)
  const isLast = last === undefined || start + limit >= found.length
  return { items, next: isLast ? undefined : formatCursor(orderOf(last)), total: found.length }
}

function placeAfter<T>(items: readonly T[], orderOf: (item: T) => readonly string[], after: string): number {
  const { place, exact } = findPlace(items, orderOf, parseCursor(after, 2))
  return exact ? place + 1 : place
}
