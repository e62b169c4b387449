/**
 * @module What an input names must exist: the instance, permission sets, accounts of the organisation. Every
 * operation but ListInstances begins with `enterInstance`.
 */
import type { Call } from '../aws/operation.js'
import type { PermissionSet } from '../state/permission-set.js'
import type { Tables } from '../state/tables.js'
import { requireAdministrator } from './callers.js'
import { notFound } from './errors.js'

/** @throws AwsError `AccessDeniedException` for callers of other accounts, `ResourceNotFoundException` for other instances */
export function enterInstance(call: Call, instanceArn: string): void {
  requireAdministrator(call)
  if (instanceArn !== call.context.state.instance.instanceArn) throw notFound(`The instance ${instanceArn}`)
}

/** @throws AwsError `ResourceNotFoundException` */
export function getPermissionSet(tables: Tables, arn: string): PermissionSet {
  const found = tables.permissionSets.get(arn)
  if (found === undefined) throw notFound(`The permission set ${arn}`)
  return found
}

/** @throws AwsError `ResourceNotFoundException` */
export function requireAccount(tables: Tables, id: string): void {
  if (!tables.accounts.has(id)) throw notFound(`The account ${id} of the organization`)
}
