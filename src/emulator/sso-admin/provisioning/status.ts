/**
 * @module Requests of ProvisionPermissionSet as answers.
 */
import { toSeconds, type Output } from '../../aws/operation.js'
import type { ProvisioningRequest } from '../../state/assignment.js'

/** PermissionSetProvisioningStatus of the API. */
export function describeProvisioning(request: ProvisioningRequest): Output {
  return {
    Status: request.status,
    RequestId: request.requestId,
    AccountId: request.accountId,
    PermissionSetArn: request.permissionSetArn,
    FailureReason: request.failureReason,
    CreatedDate: toSeconds(request.createdAt),
  }
}
