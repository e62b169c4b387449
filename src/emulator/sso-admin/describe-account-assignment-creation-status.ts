/**
 * @module DescribeAccountAssignmentCreationStatus: how a request of CreateAccountAssignment stands.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { describeRequest, getRequest } from './assignments/status.js'
import { instanceArn, requestId } from './shapes.js'

export const describeAccountAssignmentCreationStatus = defineOperation({
  name: 'DescribeAccountAssignmentCreationStatus',
  access: 'read',
  action: 'sso:DescribeAccountAssignmentCreationStatus',
  input: structure({
    InstanceArn: required(instanceArn),
    AccountAssignmentCreationRequestId: required(requestId),
  }),
  resources: (input) => [input.InstanceArn],
  handle(input, call) {
    const request = getRequest(call, 'create', input.InstanceArn, input.AccountAssignmentCreationRequestId)
    return { AccountAssignmentCreationStatus: describeRequest(request) }
  },
})
