/**
 * @module What would give somebody the permission sets that they do not have in an account: lists to join, roles to be
 * given. Those that give the fewest other accounts come first, since the narrowest is the one to hand out.
 */
import type { AccessList } from '../access-list/access-list.js'
import { addBits, countBits, eachBit, emptyBits, removeBits, type Bits } from '../bits.js'
import { compareText, indexInventory } from '../inventory/inventory-index.js'
import type { Inventory, PermissionSet } from '../inventory/inventory.js'
import { isEmpty, type AccountRoles } from './account-roles.js'

/** Longer lists help nobody; what is left out is counted. */
export const openingLimits = { each: 10, sets: 5 }

export interface Opening {
  readonly name: string
  /** By name; some of those that it would give. */
  readonly sets: readonly PermissionSet[]
  readonly moreSets: number
}

export interface Openings {
  readonly lists: readonly Opening[]
  readonly moreLists: number
  readonly roles: readonly Opening[]
  readonly moreRoles: number
}

export interface OpeningsInput {
  readonly here: AccountRoles
  readonly inventory: Inventory
  /** What the person has there, and what a role of theirs denies: nothing that is given opens the second. */
  readonly held: Bits
  readonly denied: Bits
  /** Those that whoever asks may know of. */
  readonly lists: readonly AccessList[]
  readonly roles: readonly { readonly name: string; readonly accountAssignments: number }[]
}

export function findOpenings({ here, inventory, held, denied, lists, roles }: OpeningsInput): Openings {
  const { permissionSets } = indexInventory(inventory)
  const opened = (names: readonly string[]): Bits => {
    const bits = emptyBits(here.size)
    for (const name of names) {
      const role = here.find(name)
      if (role !== undefined) addBits(bits, role.allow)
    }
    for (const name of names) {
      const role = here.find(name)
      if (role !== undefined) removeBits(bits, role.deny)
    }
    removeBits(bits, held)
    removeBits(bits, denied)
    return bits
  }
  const toOpening = (name: string, bits: Bits): Opening => {
    const sets: PermissionSet[] = []
    eachBit(bits, (place) => {
      const set = permissionSets[place]
      if (set !== undefined && sets.length < openingLimits.sets) sets.push(set)
    })
    return { name, sets, moreSets: countBits(bits) - sets.length }
  }
  const choose = (found: readonly { name: string; bits: Bits; weight: number }[]) => {
    const opening = found.filter(({ bits }) => !isEmpty(bits))
    opening.sort((a, b) => a.weight - b.weight || compareText(a.name, b.name))
    const shown = opening.slice(0, openingLimits.each)
    return {
      shown: shown.map(({ name, bits }) => toOpening(name, bits)),
      more: opening.length - shown.length,
    }
  }
  const byList = choose(
    lists.map(({ name, grants }) => ({ name, bits: opened(grants.roles), weight: grants.roles.length })),
  )
  const byRole = choose(
    roles.map(({ name, accountAssignments }) => ({ name, bits: opened([name]), weight: accountAssignments })),
  )
  return {
    lists: byList.shown,
    moreLists: byList.more,
    roles: byRole.shown,
    moreRoles: byRole.more,
  }
}
