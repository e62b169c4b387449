/**
 * @module An account with one of its permission sets, and the text by which grants remember it: by ids, so that a
 * renamed account keeps its grants and a permission set that is deleted and made again inherits none (T25).
 */
import { indexInventory } from './inventory-index.js'
import type { Account, Inventory, PermissionSet } from './inventory.js'

export interface Pair {
  readonly account: Account
  readonly permissionSet: PermissionSet
}

/** The same by ids alone: what a grant names, whether or not the inventory knows it. */
export interface PairIds {
  readonly accountId: string
  readonly permissionSetArn: string
}

const accountIdForm = /^\d{12}$/
const permissionSetArnForm = /^arn:aws(?:-us-gov|-cn)?:sso:::permissionSet\/[\w-]{1,64}\/[\w-]{1,64}$/

/** Whether the text is an AWS account id: 12 digits. */
export function isAccountId(text: string): boolean {
  return accountIdForm.test(text)
}

/** Whether the text is the ARN of a permission set, in any partition of AWS. */
export function isPermissionSetArn(text: string): boolean {
  return permissionSetArnForm.test(text)
}

/** The pair of these ids; undefined where the inventory lacks one of the two. */
export function findPair(inventory: Inventory, ids: PairIds): Pair | undefined {
  const index = indexInventory(inventory)
  const account = index.accounts[index.accountById.get(ids.accountId) ?? -1]
  const permissionSet = index.permissionSets[index.setByArn.get(ids.permissionSetArn) ?? -1]
  return account === undefined || permissionSet === undefined ? undefined : { account, permissionSet }
}
