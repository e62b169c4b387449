/**
 * @module The AWS accounts and permission sets that exist, as last read. Every account with every permission set is
 * one account assignment role, computed from here and never stored. Lookups are by account id and permission set
 * ARN; names are a view, and former names of accounts still find them (T25).
 */
import type { Labels } from '../role/role.js'
import type { DurationMs } from '../time.js'

export interface Account {
  /** 12 digits. */
  readonly id: string
  readonly name: string
  /** Names that the account had before, newest first. */
  readonly formerNames: readonly string[]
  readonly email?: string
  /** Path of organisational units, e.g. `Root/Workloads/Prod`. */
  readonly ouPath?: string
  readonly tags: Labels
}

export interface PermissionSet {
  readonly arn: string
  readonly name: string
  readonly description?: string
  /** How long a session of AWS in it goes on at most, whatever ends meanwhile; unknown where it is left out. */
  readonly sessionDurationMs?: DurationMs
}

export interface Inventory {
  /** Changes whenever the contents do; caches key on it. */
  readonly revision: string
  readonly accounts: readonly Account[]
  readonly permissionSets: readonly PermissionSet[]
}

/** Nothing is known yet: before the first import, and without a configured inventory. */
export const emptyInventory: Inventory = { revision: 'empty', accounts: [], permissionSets: [] }
