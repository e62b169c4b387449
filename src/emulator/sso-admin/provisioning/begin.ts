/**
 * @module ProvisionPermissionSet: brings the accounts that have a permission set to the version that it has when the
 * request is made. Accounts that do not have it are not given it; that is what assignments do.
 */
import type { Call } from '../../aws/operation.js'
import { pairKey, type ProvisioningRequest } from '../../state/assignment.js'
import type { PermissionSet, ProvisionedSet } from '../../state/permission-set.js'
import { provision } from '../assignments/materialise.js'
import { findMissingRight } from '../assignments/owner-rights.js'
import { conflict, notFound } from '../errors.js'
import { forgetOldest } from '../request-log.js'

/** Requests that may be under way at a time. */
export const concurrentProvisionings = 3

/**
 * `accountId` is undefined for all accounts that have the permission set.
 * @throws AwsError `ConflictException`, also for one too many: AWS documents no quota error of this operation
 */
export function beginProvisioning(
  call: Call,
  permissionSet: PermissionSet,
  accountId: string | undefined,
): ProvisioningRequest {
  const { context, now } = call
  const { tables } = context.state
  if (accountId !== undefined && !tables.provisionedSets.has(pairKey(accountId, permissionSet.arn))) {
    throw notFound(`The permission set ${permissionSet.arn} in the account ${accountId}`)
  }
  const underWay = tables.provisioningRequests.by('status', 'IN_PROGRESS').rows()
  if (underWay.some(({ permissionSetArn }) => permissionSetArn === permissionSet.arn)) {
    throw conflict('There is a conflicting operation in process on this permission set')
  }
  if (underWay.length >= concurrentProvisionings) {
    throw conflict(`${concurrentProvisionings} permission sets are being provisioned already`)
  }
  const request: ProvisioningRequest = {
    requestId: context.random.uuid(),
    permissionSetArn: permissionSet.arn,
    ...(accountId !== undefined && { accountId }),
    status: 'IN_PROGRESS',
    createdAt: now,
  }
  context.commit({ table: 'provisioningRequests', put: request })
  forgetOldest(context, 'provisioningRequests')
  context.state.schedule.add(now + context.settings.provisioningMs, () =>
    finish(call, permissionSet, request),
  )
  return request
}

function finish(call: Call, permissionSet: PermissionSet, request: ProvisioningRequest): void {
  const { context } = call
  const { provisionedSets } = context.state.tables
  const targets =
    request.accountId === undefined
      ? provisionedSets.by('permissionSet', permissionSet.arn).rows()
      : [provisionedSets.get(pairKey(request.accountId, permissionSet.arn))]
  // An account that has lost the permission set meanwhile has nothing to bring up to date.
  const failures = targets.flatMap((target) =>
    target === undefined ? [] : (update(call, permissionSet, target) ?? []),
  )
  const [failureReason] = failures
  context.commit({
    table: 'provisioningRequests',
    put:
      failureReason === undefined
        ? { ...request, status: 'SUCCEEDED' }
        : { ...request, status: 'FAILED', failureReason },
  })
}

/** Why an account could not be brought up to date. */
function update(call: Call, permissionSet: PermissionSet, target: ProvisionedSet): string | undefined {
  const { accountId, roleSuffix } = target
  const owner = { accountId, permissionSetName: permissionSet.name, roleSuffix, work: 'update' } as const
  const missing = findMissingRight(call, owner)
  if (missing !== undefined) return missing
  // An assignment may have brought a newer version meanwhile.
  if (target.version < permissionSet.version) provision(call.context, accountId, permissionSet)
  return undefined
}
