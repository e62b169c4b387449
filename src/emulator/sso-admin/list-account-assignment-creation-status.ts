/**
 * @module ListAccountAssignmentCreationStatus: the requests of CreateAccountAssignment, in short.
 */
import { defineOperation } from '../aws/operation.js'
import { optional, required, structure } from '../aws/shape.js'
import { listRequests } from './assignments/status.js'
import { summarise } from './request-log.js'
import { instanceArn, paging, statusFilter } from './shapes.js'

export const listAccountAssignmentCreationStatus = defineOperation({
  name: 'ListAccountAssignmentCreationStatus',
  access: 'read',
  action: 'sso:ListAccountAssignmentCreationStatus',
  input: structure({ InstanceArn: required(instanceArn), ...paging, Filter: optional(statusFilter) }),
  resources: (input) => [input.InstanceArn],
  handle(input, call) {
    const page = listRequests(call, 'create', 'ListAccountAssignmentCreationStatus', input)
    return {
      AccountAssignmentsCreationStatus: page.rows.map(summarise),
      NextToken: page.nextToken,
    }
  },
})
