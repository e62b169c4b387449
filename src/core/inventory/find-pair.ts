/** @module Finds the account and the permission set that people mean, by id or ARN, name or former name. */
import { GatewayError } from '../error.js'
import { indexInventory } from './inventory-index.js'
import type { Account, Inventory, PermissionSet } from './inventory.js'
import type { Pair } from './pair.js'

/**
 * The account by id, name or former name with the permission set by ARN or name.
 * @throws GatewayError `NOT_FOUND` for what the inventory lacks, `INVALID_INPUT` for a name of several accounts.
 */
export function findNamedPair(
  inventory: Inventory,
  { account, permissionSet }: { readonly account: string; readonly permissionSet: string },
): Pair {
  return {
    account: findAccount(inventory, account),
    permissionSet: findPermissionSet(inventory, permissionSet),
  }
}

export function findAccount(inventory: Inventory, text: string): Account {
  const { accounts, accountById } = indexInventory(inventory)
  const byId = accounts[accountById.get(text) ?? -1]
  if (byId !== undefined) return byId
  const current = accounts.filter(({ name }) => name === text)
  const found =
    current.length > 0 ? current : accounts.filter(({ formerNames }) => formerNames.includes(text))
  const [first, second] = found
  if (first === undefined) throw notFound('account', text)
  if (second === undefined) return first
  const ids = found.map(({ id }) => id).join(', ')
  throw new GatewayError(
    'INVALID_INPUT',
    `"${shorten(text)}" is the name of several accounts (${ids}); give the id`,
  )
}

export function findPermissionSet(inventory: Inventory, text: string): PermissionSet {
  const { permissionSets, setByArn, setByName } = indexInventory(inventory)
  const found = permissionSets[setByArn.get(text) ?? setByName.get(text) ?? -1]
  if (found === undefined) throw notFound('permission set', text)
  return found
}

function notFound(what: string, text: string): GatewayError {
  return new GatewayError('NOT_FOUND', `the inventory has no ${what} "${shorten(text)}"`)
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
