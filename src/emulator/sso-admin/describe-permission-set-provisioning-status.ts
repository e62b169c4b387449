/**
 * @module DescribePermissionSetProvisioningStatus: how a request of ProvisionPermissionSet stands. Like the status of
 * assignments it does not lag.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { notFound } from './errors.js'
import { enterInstance } from './find.js'
import { describeProvisioning } from './provisioning/status.js'
import { instanceArn, requestId } from './shapes.js'

export const describePermissionSetProvisioningStatus = defineOperation({
  name: 'DescribePermissionSetProvisioningStatus',
  access: 'read',
  action: 'sso:DescribePermissionSetProvisioningStatus',
  input: structure({
    InstanceArn: required(instanceArn),
    ProvisionPermissionSetRequestId: required(requestId),
  }),
  resources: (input) => [input.InstanceArn],
  handle(input, call) {
    enterInstance(call, input.InstanceArn)
    const id = input.ProvisionPermissionSetRequestId
    const request = call.context.state.tables.provisioningRequests.get(id)
    if (request === undefined) throw notFound(`The request ${id}`)
    return { PermissionSetProvisioningStatus: describeProvisioning(request) }
  },
})
