/**
 * @module ProvisionPermissionSet: brings the newest version of a permission set to one account that has it, or to all.
 */
import { defineOperation } from '../aws/operation.js'
import { oneOf, optional, required, structure } from '../aws/shape.js'
import { requireMayAlter, requireMayTarget } from './callers.js'
import { invalid } from './errors.js'
import { enterInstance, getPermissionSet, requireAccount } from './find.js'
import { beginProvisioning } from './provisioning/begin.js'
import { describeProvisioning } from './provisioning/status.js'
import { accountArn, accountId, instanceArn, permissionSetArn } from './shapes.js'

export const provisionPermissionSet = defineOperation({
  name: 'ProvisionPermissionSet',
  access: 'write',
  action: 'sso:ProvisionPermissionSet',
  input: structure({
    InstanceArn: required(instanceArn),
    PermissionSetArn: required(permissionSetArn),
    TargetId: optional(accountId),
    TargetType: required(oneOf('AWS_ACCOUNT', 'ALL_PROVISIONED_ACCOUNTS')),
  }),
  resources: ({ InstanceArn, PermissionSetArn, TargetId }) => [
    InstanceArn,
    PermissionSetArn,
    ...(TargetId === undefined ? [] : [accountArn(TargetId)]),
  ],
  handle(input, call) {
    enterInstance(call, input.InstanceArn)
    const { tables } = call.context.state
    const set = getPermissionSet(tables, input.PermissionSetArn)
    const isOne = input.TargetType === 'AWS_ACCOUNT'
    if (isOne !== (input.TargetId !== undefined)) {
      throw invalid('TargetId is needed for the target type AWS_ACCOUNT, and for no other')
    }
    if (input.TargetId !== undefined) {
      requireAccount(tables, input.TargetId)
      requireMayTarget(call, input.TargetId)
    }
    requireMayAlter(call, set.arn)
    const request = beginProvisioning(call, set, input.TargetId)
    return { PermissionSetProvisioningStatus: describeProvisioning(request) }
  },
})
