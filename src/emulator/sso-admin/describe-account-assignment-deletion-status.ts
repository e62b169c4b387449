/**
 * @module DescribeAccountAssignmentDeletionStatus: how a request of DeleteAccountAssignment stands.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { describeRequest, getRequest } from './assignments/status.js'
import { instanceArn, requestId } from './shapes.js'

export const describeAccountAssignmentDeletionStatus = defineOperation({
  name: 'DescribeAccountAssignmentDeletionStatus',
  access: 'read',
  action: 'sso:DescribeAccountAssignmentDeletionStatus',
  input: structure({
    InstanceArn: required(instanceArn),
    AccountAssignmentDeletionRequestId: required(requestId),
  }),
  resources: (input) => [input.InstanceArn],
  handle(input, call) {
    const request = getRequest(call, 'delete', input.InstanceArn, input.AccountAssignmentDeletionRequestId)
    return { AccountAssignmentDeletionStatus: describeRequest(request) }
  },
})
