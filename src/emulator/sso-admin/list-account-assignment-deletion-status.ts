/**
 * @module ListAccountAssignmentDeletionStatus: the requests of DeleteAccountAssignment, in short.
 */
import { defineOperation } from '../aws/operation.js'
import { optional, required, structure } from '../aws/shape.js'
import { listRequests } from './assignments/status.js'
import { summarise } from './request-log.js'
import { instanceArn, paging, statusFilter } from './shapes.js'

export const listAccountAssignmentDeletionStatus = defineOperation({
  name: 'ListAccountAssignmentDeletionStatus',
  access: 'read',
  action: 'sso:ListAccountAssignmentDeletionStatus',
  input: structure({ InstanceArn: required(instanceArn), ...paging, Filter: optional(statusFilter) }),
  resources: (input) => [input.InstanceArn],
  handle(input, call) {
    const page = listRequests(call, 'delete', 'ListAccountAssignmentDeletionStatus', input)
    return {
      AccountAssignmentsDeletionStatus: page.rows.map(summarise),
      NextToken: page.nextToken,
    }
  },
})
