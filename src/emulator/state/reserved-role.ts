/**
 * @module The roles that Identity Center makes in accounts. They are not stored: each follows from a permission set
 * and where it is provisioned. Nothing here decides when one appears or vanishes; `sso-admin/assignments` does.
 */
import type { Instance } from './instance.js'
import type { PermissionSet, ProvisionedSet } from './permission-set.js'
import type { EmulatorState } from './state.js'
import type { Tables } from './tables.js'

/** Where all of them are, whatever the Region of the instance. */
export const reservedRolePath = '/aws-reserved/sso.amazonaws.com/'

export interface ReservedRole {
  readonly accountId: string
  /** `AWSReservedSSO_<name of the permission set>_<16 hex digits>`. */
  readonly name: string
  /** Begins and ends with a slash. */
  readonly path: string
  readonly arn: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly permissionSet: PermissionSet
}

type Part = Pick<ProvisionedSet, 'accountId' | 'roleSuffix'>

/**
 * The role of a provisioned permission set; undefined where the permission set is not among the tables.
 * `tables` are those of writes unless a read gives its own.
 */
export function reservedRole(
  state: EmulatorState,
  provisioned: ProvisionedSet,
  tables: Tables = state.tables,
): ReservedRole | undefined {
  const permissionSet = tables.permissionSets.get(provisioned.permissionSetArn)
  if (permissionSet === undefined) return undefined
  const { accountId, createdAt } = provisioned
  return {
    accountId,
    name: reservedRoleName(permissionSet.name, provisioned.roleSuffix),
    path: reservedPathOf(state.instance),
    arn: reservedRoleArn(state.instance, permissionSet.name, provisioned),
    createdAt,
    permissionSet,
  }
}

/** All of an account, in the order in which they were made. */
export function listReservedRoles(
  state: EmulatorState,
  accountId: string,
  tables: Tables = state.tables,
): readonly ReservedRole[] {
  return tables.provisionedSets
    .by('account', accountId)
    .rows()
    .flatMap((provisioned) => reservedRole(state, provisioned, tables) ?? [])
}

export function reservedRoleName(permissionSetName: string, roleSuffix: string): string {
  return `AWSReservedSSO_${permissionSetName}_${roleSuffix}`
}

/** ARN of the role that a permission set has, or would have with this suffix. */
export function reservedRoleArn(instance: Instance, permissionSetName: string, part: Part): string {
  const name = reservedRoleName(permissionSetName, part.roleSuffix)
  return `arn:aws:iam::${part.accountId}:role${reservedPathOf(instance)}${name}`
}

/** The Region is left out where the identity source is in us-east-1. */
function reservedPathOf({ region }: Instance): string {
  return region === 'us-east-1' ? reservedRolePath : `${reservedRolePath}${region}/`
}
