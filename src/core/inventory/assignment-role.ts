/**
 * @module Account assignment roles: one for every account with every permission set, computed from the inventory and
 * never stored. Documents refer to them by ids (`assignment/<account id>/<permission set ARN>`, a text that no stored
 * role can have as its name), people by name (`<permission set>-on-<account>-<account id>`). A name is a view: it
 * changes with the account, and former names still resolve.
 */
import type { Role, RoleConditions } from '../role/role.js'
import { hour } from '../time.js'
import { foldName } from '../user/user.js'
import { indexInventory } from './inventory-index.js'
import type { Account, Inventory } from './inventory.js'
import { findPair, isAccountId, isPermissionSetArn, type Pair, type PairIds } from './pair.js'

export { listAssignmentRoles } from './list-assignment-roles.js'
export type { Pair, PairIds } from './pair.js'

const refPrefix = 'assignment/'

/** What people see and write: `AdministratorAccess-on-production-555555555555`. */
export function assignmentRoleName({ account, permissionSet }: Pair): string {
  return `${permissionSet.name}${nameEnd(account.name, account.id)}`
}

/** What documents store. */
export function assignmentRoleRef(accountId: string, permissionSetArn: string): string {
  return `${refPrefix}${accountId}/${permissionSetArn}`
}

/** The ids that a stored reference names, known to the inventory or not; undefined for any other text. */
export function parseAssignmentRoleRef(text: string): PairIds | undefined {
  if (!text.startsWith(refPrefix)) return undefined
  const end = text.indexOf('/', refPrefix.length)
  const accountId = text.slice(refPrefix.length, end)
  const permissionSetArn = text.slice(end + 1)
  if (end < 0 || !isAccountId(accountId) || !isPermissionSetArn(permissionSetArn)) return undefined
  return { accountId, permissionSetArn }
}

/**
 * Whether a role name has the form of account assignment roles, whatever the inventory holds today: no stored role
 * may have it, nor one that people read as it, in other dashes, digits or cases. Shorter numbers than AWS's 12 digits
 * count too, for the guide's own example has 9.
 */
export function isReservedRoleName(name: string): boolean {
  // Asked for every role that anybody holds, and few names end in a number.
  if (!/[\p{N}\p{Default_Ignorable_Code_Point}]$/u.test(name)) return false
  const seen = foldName(name)
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[\p{Pd}\u2043\u2212]/gu, '-')
  const end = seen.search(/-\p{Nd}{9,12}$/u)
  return /^.+?-on-./su.test(seen.slice(0, Math.max(end, 0)))
}

/**
 * The account and permission set that a name or a reference means; undefined where the inventory knows none. A
 * permission set or an account may have `-on-` in its own name: the account id tells which account, and its names,
 * the current one before former ones from the newest on, leave exactly one permission set.
 */
export function resolveAssignmentRole(inventory: Inventory, nameOrRef: string): Pair | undefined {
  const ids = parseAssignmentRoleRef(nameOrRef)
  if (ids !== undefined) return findPair(inventory, ids)
  const index = indexInventory(inventory)
  const id = nameOrRef.slice(nameOrRef.lastIndexOf('-') + 1)
  const account = index.accounts[index.accountById.get(id) ?? -1]
  if (account === undefined) return undefined
  for (const name of [account.name, ...account.formerNames]) {
    const end = nameEnd(name, id)
    if (!nameOrRef.endsWith(end)) continue
    const place = index.setByName.get(nameOrRef.slice(0, -end.length))
    const permissionSet = place === undefined ? undefined : index.permissionSets[place]
    if (permissionSet !== undefined) return { account, permissionSet }
  }
  return undefined
}

/** The current name for a reference; any other text, and a reference to what is gone, stays as it is. */
export function presentRoleName(inventory: Inventory, nameOrRef: string): string {
  const ids = parseAssignmentRoleRef(nameOrRef)
  const pair = ids === undefined ? undefined : findPair(inventory, ids)
  return pair === undefined ? nameOrRef : assignmentRoleName(pair)
}

/**
 * Every name that means the role: for an account assignment role the current one first, then former ones from the
 * newest on, then the reference; any other text by itself. Conditions compare with all of them (T25).
 */
export function listRoleNames(inventory: Inventory, nameOrRef: string): readonly string[] {
  const computed = isReservedRoleName(nameOrRef) || parseAssignmentRoleRef(nameOrRef) !== undefined
  const pair = computed ? resolveAssignmentRole(inventory, nameOrRef) : undefined
  return pair === undefined ? [nameOrRef] : [assignmentRoleName(pair), ...listOtherNames(pair)]
}

function listOtherNames({ account, permissionSet }: Pair): string[] {
  const former = account.formerNames.map((name) => `${permissionSet.name}${nameEnd(name, account.id)}`)
  return [...former, assignmentRoleRef(account.id, permissionSet.arn)]
}

const labels = { 'teleport.dev/origin': 'aws-identity-center' } as const

const nothing: RoleConditions = {
  appLabels: {},
  appLabelsExpression: undefined,
  accountAssignments: [],
  rules: [],
  request: undefined,
  reviewRequests: undefined,
}

/** The role as decisions see it: it gives the one pair and takes no part in sign-in to applications. */
export function buildAssignmentRole(pair: Pair): Role {
  const { account, permissionSet } = pair
  return {
    name: assignmentRoleName(pair),
    otherNames: listOtherNames(pair),
    version: 'v7',
    labels,
    allow: { ...nothing, accountAssignments: [{ account: account.id, permissionSet: permissionSet.arn }] },
    deny: nothing,
    options: {
      maxSessionTtlMs: 30 * hour,
      clientIdleTimeoutMs: undefined,
      requireSessionMfa: 'off',
      deviceTrustMode: 'off',
      samlIdpEnabled: true,
    },
    origin: 'account_assignment',
  }
}

export interface AssignmentRoleDocument {
  readonly kind: 'role'
  readonly version: 'v7'
  readonly metadata: {
    readonly name: string
    readonly description: string
    readonly labels: Readonly<Record<string, string>>
  }
  readonly spec: {
    readonly allow: {
      readonly account_assignments: readonly { readonly account: string; readonly permission_set: string }[]
    }
  }
}

/** The role as people read it. It loads as a role document, but for its reserved name. */
export function assignmentRoleDocument(pair: Pair): AssignmentRoleDocument {
  const { account, permissionSet } = pair
  return {
    kind: 'role',
    version: 'v7',
    metadata: {
      name: assignmentRoleName(pair),
      description: `Gives the permission set ${permissionSet.name} in the AWS account ${describeAccount(account)}.`,
      labels,
    },
    spec: { allow: { account_assignments: [{ account: account.id, permission_set: permissionSet.arn }] } },
  }
}

function describeAccount({ name, id, ouPath }: Account): string {
  return ouPath === undefined ? `${name} (${id})` : `${name} (${id}, in ${ouPath})`
}

/** What follows the name of the permission set. */
function nameEnd(accountName: string, accountId: string): string {
  return `-on-${accountName}-${accountId}`
}
