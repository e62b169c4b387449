/**
 * @module ListPermissionSetProvisioningStatus: the requests of ProvisionPermissionSet, in short.
 */
import { defineOperation } from '../aws/operation.js'
import { optional, required, structure } from '../aws/shape.js'
import { enterInstance } from './find.js'
import { listPage } from './list-page.js'
import { summarise } from './request-log.js'
import { instanceArn, paging, statusFilter } from './shapes.js'

export const listPermissionSetProvisioningStatus = defineOperation({
  name: 'ListPermissionSetProvisioningStatus',
  access: 'read',
  action: 'sso:ListPermissionSetProvisioningStatus',
  input: structure({ InstanceArn: required(instanceArn), ...paging, Filter: optional(statusFilter) }),
  resources: (input) => [input.InstanceArn],
  handle(input, call) {
    enterInstance(call, input.InstanceArn)
    const { provisioningRequests } = call.context.readable()
    const status = input.Filter?.Status
    const page = listPage(call.context, {
      rows: status === undefined ? provisioningRequests : provisioningRequests.by('status', status),
      input,
      of: ['ListPermissionSetProvisioningStatus', status],
    })
    return { PermissionSetsProvisioningStatus: page.rows.map(summarise), NextToken: page.nextToken }
  },
})
