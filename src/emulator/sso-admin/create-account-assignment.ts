/**
 * @module CreateAccountAssignment: gives a principal a permission set in an account, asynchronously.
 */
import { defineOperation } from '../aws/operation.js'
import { structure } from '../aws/shape.js'
import { beginCreation } from './assignments/begin.js'
import { describeRequest } from './assignments/status.js'
import { accountArn, assignmentMembers } from './shapes.js'

export const createAccountAssignment = defineOperation({
  name: 'CreateAccountAssignment',
  access: 'write',
  action: 'sso:CreateAccountAssignment',
  input: structure(assignmentMembers),
  resources: (input) => [input.InstanceArn, accountArn(input.TargetId), input.PermissionSetArn],
  handle: (input, call) => ({ AccountAssignmentCreationStatus: describeRequest(beginCreation(call, input)) }),
})
