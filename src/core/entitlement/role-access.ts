/**
 * @module What sets of role names give and deny in an inventory. Thousands of people share few sets of roles, so each
 * role is looked up once and each set worked out once. Deny wins; who asks says whose denials count.
 */
import { indexInventory } from '../inventory/inventory-index.js'
import type { Inventory } from '../inventory/inventory.js'
import { pairKey, splitPairKey, type GrantReason, type PairKey } from '../identity-center/observation.js'
import { placeRole, type Block } from '../role/reach.js'
import type { DesiredInput } from './input.js'
import {
  countPairs,
  eachPair,
  hasPair,
  noPairs,
  unitePairs,
  withoutPairs,
  type PairRows,
} from './pair-rows.js'

/** A role by the name that its holders have it by. */
interface KnownRole {
  readonly name: string
  readonly unreadable: boolean
  readonly allow: readonly Block[]
  readonly deny: readonly Block[]
}

export type PairReasons = ReadonlyMap<PairKey, readonly GrantReason[]>

export class RoleAccess {
  readonly #inventory: Inventory
  readonly #rolesOf: DesiredInput['rolesOf']
  readonly #known = new Map<string, KnownRole>()
  readonly #allowed = new Map<string, PairRows>()
  readonly #denied = new Map<string, PairRows>()
  readonly #keys = new Map<number, PairKey>()
  readonly #accounts: readonly string[]
  readonly #sets: readonly string[]

  constructor({ inventory, rolesOf }: Pick<DesiredInput, 'inventory' | 'rolesOf'>) {
    const index = indexInventory(inventory)
    this.#inventory = inventory
    this.#rolesOf = rolesOf
    this.#accounts = index.accounts.map(({ id }) => id)
    this.#sets = index.permissionSets.map(({ arn }) => arn)
  }

  /** The first of the names, sorted, whose role exists and cannot be read. */
  findUnreadable(names: readonly string[]): string | undefined {
    return names.find((name) => this.#role(name).unreadable)
  }

  /** Those of the names whose roles deny any pair. */
  denying(names: readonly string[]): string[] {
    return names.filter((name) => this.#role(name).deny.length > 0)
  }

  /** What roles with these names, sorted, allow, whatever is denied. */
  allowed(names: readonly string[]): PairRows {
    return this.#unite(names, 'allow', this.#allowed)
  }

  denied(names: readonly string[]): PairRows {
    return names.length === 0 ? noPairs : this.#unite(names, 'deny', this.#denied)
  }

  /** What the roles allow together less what any of them denies. */
  given(names: readonly string[]): PairRows {
    return withoutPairs(this.allowed(names), this.denied(this.denying(names)))
  }

  /** Every pair with the roles that give it as reasons. */
  listRoleReasons(rows: PairRows, names: readonly string[]): Map<PairKey, readonly GrantReason[]> {
    const giving = names
      .filter((name) => this.#role(name).allow.length > 0)
      .map((name) => ({ name, rows: this.allowed([name]) }))
    const shared = new Map<string, readonly GrantReason[]>()
    const pairs = new Map<PairKey, readonly GrantReason[]>()
    eachPair(rows, (account, set) => {
      const roles = giving.filter((role) => hasPair(role.rows, account, set)).map(({ name }) => name)
      const key = roles.join('\n')
      let reasons = shared.get(key)
      if (reasons === undefined) {
        reasons = roles.map((role) => ({ kind: 'role', role }))
        shared.set(key, reasons)
      }
      pairs.set(this.key(account, set), reasons)
    })
    return pairs
  }

  /** Every pair with the same reasons. */
  listPairs(rows: PairRows, reasons: readonly GrantReason[]): Map<PairKey, readonly GrantReason[]> {
    const pairs = new Map<PairKey, readonly GrantReason[]>()
    eachPair(rows, (account, set) => pairs.set(this.key(account, set), reasons))
    return pairs
  }

  /** Whether the inventory has the pair, and whether `denied` has it. */
  judge(pair: PairKey, denied: PairRows): 'unknown' | 'denied' | 'open' {
    const { accountId, permissionSetArn } = splitPairKey(pair)
    const index = indexInventory(this.#inventory)
    const account = index.accountById.get(accountId)
    const set = index.setByArn.get(permissionSetArn)
    if (account === undefined || set === undefined) return 'unknown'
    return hasPair(denied, account, set) ? 'denied' : 'open'
  }

  count(rows: PairRows): number {
    return countPairs(rows)
  }

  /** The same text each time, so that a million uses of a pair are one string. */
  key(account: number, set: number): PairKey {
    const place = account * this.#sets.length + set
    let key = this.#keys.get(place)
    if (key === undefined) {
      key = pairKey(this.#accounts[account] ?? '', this.#sets[set] ?? '')
      this.#keys.set(place, key)
    }
    return key
  }

  #unite(names: readonly string[], side: 'allow' | 'deny', known: Map<string, PairRows>): PairRows {
    const key = names.join('\n')
    let rows = known.get(key)
    if (rows === undefined) {
      rows = unitePairs(
        names.flatMap((name) => this.#role(name)[side]),
        this.#sets.length,
      )
      known.set(key, rows)
    }
    return rows
  }

  #role(name: string): KnownRole {
    const found = this.#known.get(name)
    if (found !== undefined) return found
    const { roles, unreadable } = this.#rolesOf([name])
    const placed = roles.map((role) => placeRole(role, this.#inventory))
    const role = {
      name,
      unreadable: unreadable.length > 0,
      allow: placed.flatMap(({ allow }) => allow),
      deny: placed.flatMap(({ deny }) => deny),
    }
    this.#known.set(name, role)
    return role
  }
}
