/**
 * @module Names of roles in documents. People write account assignment roles by name; what is stored are the ids of
 * account and permission set, so that a renamed account or a permission set made anew changes nobody's access (T25).
 */
import {
  assignmentRoleRef,
  isReservedRoleName,
  parseAssignmentRoleRef,
  presentRoleName,
  resolveAssignmentRole,
} from '../../core/inventory/assignment-role.js'
import type { Inventory } from '../../core/inventory/inventory.js'

export interface StoredRoleNames {
  /** Once each, in the order in which they were written. */
  readonly roles: readonly string[]
  /** What cannot be stored, by its place in the written list. */
  readonly problems: readonly { readonly index: number; readonly message: string }[]
}

const howToRefer = 'write assignment/<account id>/<permission set ARN>'

/** The names to store for those that somebody wrote. */
export function storedRoleNames(written: readonly string[], inventory: Inventory): StoredRoleNames {
  const problems: { index: number; message: string }[] = []
  const roles = written.map((name, index) => {
    if (parseAssignmentRoleRef(name) !== undefined) return name
    const pair = isReservedRoleName(name) ? resolveAssignmentRole(inventory, name) : undefined
    if (pair !== undefined) return assignmentRoleRef(pair.account.id, pair.permissionSet.arn)
    const message = findProblem(name)
    if (message !== undefined) problems.push({ index, message })
    return name
  })
  return { roles: [...new Set(roles)], problems }
}

/** The names to show for those that are stored; a reference to what no longer exists stays as it is. */
export function shownRoleNames(stored: readonly string[], inventory: Inventory): string[] {
  return stored.map((name) => presentRoleName(inventory, name))
}

function findProblem(name: string): string | undefined {
  const shown = `"${name.slice(0, 200)}"`
  if (isReservedRoleName(name)) {
    return (
      `${shown} has the form of an account assignment role, and no known account and permission set make it; ` +
      `check the name, or ${howToRefer}`
    )
  }
  if (name.includes('/')) {
    return `${shown} is not the name of a role; to refer to an account assignment role, ${howToRefer}`
  }
  return undefined
}
