/**
 * @module Which account a caller belongs to, and what that forbids whatever its policies say: the management account
 * may do everything, the delegated administrator nothing that reaches the management account, others nothing.
 */
import type { Call } from '../aws/operation.js'
import { pairKey } from '../state/assignment.js'
import { accessDenied } from './errors.js'

/** Whether the caller's account administers the instance. */
export function isAdministrator({ caller, context: { state } }: Call): boolean {
  return caller.accountId === state.managementAccountId || caller.accountId === state.delegatedAdministratorId
}

/** @throws AwsError `AccessDeniedException` unless the management account or the delegated administrator calls */
export function requireAdministrator(call: Call): void {
  if (isAdministrator(call)) return
  throw accessDenied(
    `Account ${call.caller.accountId} is neither the management account nor the delegated administrator of this instance`,
  )
}

/** @throws AwsError `AccessDeniedException` unless the management account calls */
export function requireManagementAccount(call: Call, operation: string): void {
  if (call.caller.accountId === call.context.state.managementAccountId) return
  throw accessDenied(`${operation} can be called from the management account only`)
}

/** @throws AwsError `AccessDeniedException` where the delegated administrator would reach into the management account */
export function requireMayTarget(call: Call, accountId: string): void {
  const { managementAccountId } = call.context.state
  if (call.caller.accountId === managementAccountId || accountId !== managementAccountId) return
  throw accessDenied('The delegated administrator cannot manage assignments of the management account')
}

/**
 * Assigning, changing, provisioning or deleting a permission set that the management account has is left to that
 * account. Taking away assignments of it in other accounts is not among what AWS's documents exclude.
 * @throws AwsError `AccessDeniedException`
 */
export function requireMayAlter(call: Call, permissionSetArn: string): void {
  const { managementAccountId, tables } = call.context.state
  if (call.caller.accountId === managementAccountId) return
  if (!tables.provisionedSets.has(pairKey(managementAccountId, permissionSetArn))) return
  throw accessDenied(
    'The delegated administrator cannot manage a permission set that is provisioned in the management account',
  )
}
