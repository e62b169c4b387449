/**
 * @module What roles give and deny in one account, as sets of bits for its permission sets; each role is looked up once.
 */
import { addBit, addBits, allBits, emptyBits, hasBit, keepBits, type Bits } from '../bits.js'
import { indexInventory } from '../inventory/inventory-index.js'
import type { Account, Inventory, PermissionSet } from '../inventory/inventory.js'
import { placeRole, type Block } from '../role/reach.js'
import type { Role } from '../role/role.js'

export interface AccountRolesInput {
  readonly inventory: Inventory
  /** By the name or reference that documents have; undefined for one that does not exist. */
  readonly roleOf: (name: string) => Role | undefined
}

/** What is asked about: one permission set in the account, or all. */
export interface AccountQuestion {
  readonly account: Account
  readonly permissionSet?: PermissionSet | undefined
}

export interface RoleHere {
  /** As people know it. */
  readonly shownAs: string
  readonly allow: Bits
  readonly deny: Bits
}

/** The roles as far as they say anything of this account; each is looked up once. */
export class AccountRoles {
  readonly size: number
  /** Of the question: all permission sets, or the one. */
  readonly wanted: Bits
  readonly #place: number
  readonly #input: AccountRolesInput
  readonly #known = new Map<string, RoleHere | undefined>()

  constructor(input: AccountRolesInput, { account, permissionSet }: AccountQuestion) {
    const index = indexInventory(input.inventory)
    this.#input = input
    this.size = index.permissionSets.length
    this.#place = index.accountById.get(account.id) ?? -1
    this.wanted = permissionSet === undefined ? allBits(this.size) : emptyBits(this.size)
    const place = permissionSet && index.setByArn.get(permissionSet.arn)
    if (place !== undefined) addBit(this.wanted, place)
  }

  /** Undefined for one that says nothing of it. */
  find(name: string): RoleHere | undefined {
    if (this.#known.has(name)) return this.#known.get(name)
    const found = this.#read(name)
    this.#known.set(name, found)
    return found
  }

  #read(name: string): RoleHere | undefined {
    const role = this.#input.roleOf(name)
    if (role === undefined) return undefined
    const placed = placeRole(role, this.#input.inventory)
    const allow = this.#unite(placed.allow)
    const deny = this.#unite(placed.deny)
    return isEmpty(allow) && isEmpty(deny) ? undefined : { shownAs: role.name, allow, deny }
  }

  #unite(blocks: readonly Block[]): Bits {
    const bits = emptyBits(this.size)
    for (const { accounts, sets } of blocks) {
      if (this.#place >= 0 && hasBit(accounts, this.#place)) addBits(bits, sets)
    }
    keepBits(bits, this.wanted)
    return bits
  }
}

export function isEmpty(bits: Bits): boolean {
  return bits.every((word) => word === 0)
}
