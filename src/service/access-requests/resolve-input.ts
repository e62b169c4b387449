/**
 * @module What people write of what they ask for, by ids or names, as what is meant. Nothing here tells whether there is
 * such an account: whoever may not ask for it hears the same words either way.
 */
import { itemIdOf, type ItemId, type Requestable } from '../../core/access-request/access-request.js'
import { resolveAsked } from '../../core/access-request/may-request.js'
import type { RequestWorld } from '../../core/access-request/world.js'
import type { RequestableInput } from '../../api/contract/access-requests.js'
import { indexInventory } from '../../core/inventory/inventory-index.js'
import type { Inventory } from '../../core/inventory/inventory.js'

/** What is wrong with one item of the input. */
export interface ItemProblem {
  readonly place: number
  readonly says: string
}

export interface ResolvedItems {
  readonly items: readonly Requestable[]
  /** Those that mean nothing, with why. */
  readonly problems: readonly ItemProblem[]
  /** Every place in the input that means the item of this id. */
  readonly placesOf: (id: ItemId) => readonly number[]
}

/** `mayAsk`: whether the person may ask for it. That a name is not clear is told only of accounts that they may ask for. */
export function resolveItems(
  input: readonly RequestableInput[],
  world: RequestWorld,
  mayAsk: (asked: Requestable) => boolean,
): ResolvedItems {
  const accounts = accountsByName(world.inventory)
  const items: Requestable[] = []
  const problems: ItemProblem[] = []
  const places = new Map<ItemId, number[]>()
  for (const [place, one] of input.entries()) {
    const found = resolveOne(one, world.inventory, accounts, mayAsk)
    if ('says' in found) {
      problems.push({ place, says: found.says })
      continue
    }
    items.push(found)
    const id = itemIdOf(resolveAsked(found, world) ?? found)
    const known = places.get(id)
    if (known === undefined) places.set(id, [place])
    else known.push(place)
  }
  return { items, problems, placesOf: (id) => places.get(id) ?? [] }
}

function resolveOne(
  asked: RequestableInput,
  inventory: Inventory,
  accounts: ReadonlyMap<string, readonly string[]>,
  mayAsk: (asked: Requestable) => boolean,
): Requestable | { readonly says: string } {
  if (asked.kind !== 'assignment') return asked
  const { accountById, setByArn, setByName, permissionSets } = indexInventory(inventory)
  const ids = accountById.has(asked.account) ? [asked.account] : (accounts.get(asked.account) ?? [])
  const [accountId] = ids
  const place = setByArn.get(asked.permissionSet) ?? setByName.get(asked.permissionSet)
  const permissionSetArn = permissionSets[place ?? -1]?.arn
  if (accountId === undefined || permissionSetArn === undefined) return { says: sayNotAllowed(asked) }
  if (ids.length > 1) {
    const isKnown = ids.some((id) => mayAsk({ kind: 'assignment', accountId: id, permissionSetArn }))
    if (!isKnown) return { says: sayNotAllowed(asked) }
    return { says: `More than one account has the name ${asked.account}; write its id.` }
  }
  return { kind: 'assignment', accountId, permissionSetArn }
}

/** In the words in which it was written: no name and no id that they did not know. */
export function sayNotAllowed(asked: RequestableInput): string {
  const what =
    asked.kind === 'assignment'
      ? `the permission set ${asked.permissionSet} in the account ${asked.account}`
      : `the ${asked.kind === 'app' ? 'application' : 'role'} ${asked.name}`
  return `No role of yours lets you ask for ${what}.`
}

const known = new WeakMap<Inventory, ReadonlyMap<string, readonly string[]>>()

/** Ids by name; a former name counts where no account has it now. */
function accountsByName(inventory: Inventory): ReadonlyMap<string, readonly string[]> {
  const found = known.get(inventory)
  if (found !== undefined) return found
  const byName = new Map<string, string[]>()
  const add = (name: string, id: string) => byName.set(name, [...(byName.get(name) ?? []), id])
  for (const { id, name } of inventory.accounts) add(name, id)
  const current = new Set(byName.keys())
  for (const { id, formerNames } of inventory.accounts) {
    for (const name of new Set(formerNames)) if (!current.has(name)) add(name, id)
  }
  known.set(inventory, byName)
  return byName
}
