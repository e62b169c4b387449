/**
 * @module DeleteAccountAssignment: takes a permission set in an account from a principal, asynchronously.
 */
import { defineOperation } from '../aws/operation.js'
import { structure } from '../aws/shape.js'
import { beginDeletion } from './assignments/begin.js'
import { describeRequest } from './assignments/status.js'
import { accountArn, assignmentMembers } from './shapes.js'

export const deleteAccountAssignment = defineOperation({
  name: 'DeleteAccountAssignment',
  access: 'write',
  action: 'sso:DeleteAccountAssignment',
  input: structure(assignmentMembers),
  resources: (input) => [input.InstanceArn, accountArn(input.TargetId), input.PermissionSetArn],
  handle: (input, call) => ({ AccountAssignmentDeletionStatus: describeRequest(beginDeletion(call, input)) }),
})
