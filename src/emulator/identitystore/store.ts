/**
 * @module Which identity store a call is about, who may call it, and the ARNs of what is in it.
 */
import { AwsError } from '../aws/error.js'
import type { Call } from '../aws/operation.js'
import { notFound } from './errors.js'

/**
 * Every operation begins with this.
 * @throws AwsError `AccessDeniedException` for a member account, `ResourceNotFoundException` for another store
 */
export function assertStore({ context, caller }: Call, identityStoreId: string): void {
  const { managementAccountId, delegatedAdministratorId, instance } = context.state
  if (caller.accountId !== managementAccountId && caller.accountId !== delegatedAdministratorId) {
    throw new AwsError(
      'AccessDeniedException',
      `${caller.arn} is neither of the management account nor of the delegated administrator account`,
    )
  }
  if (identityStoreId !== instance.identityStoreId) throw notFound('IDENTITY_STORE', identityStoreId)
}

export function storeArn({ context }: Call, identityStoreId: string): string {
  return `arn:aws:identitystore::${context.state.managementAccountId}:identitystore/${identityStoreId}`
}

/** `*` stands for all users, as in AWS's resource type AllUsers. */
export function userArn(id: string): string {
  return `arn:aws:identitystore:::user/${id}`
}

export function groupArn(id: string): string {
  return `arn:aws:identitystore:::group/${id}`
}

export function membershipArn(id: string): string {
  return `arn:aws:identitystore:::membership/${id}`
}
