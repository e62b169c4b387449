/**
 * @module ListAccountAssignments: who holds one permission set in one account, directly. Assignments whose principal
 * was deleted are among them.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { pairKey } from '../state/assignment.js'
import { describeAssignment } from './assignments/assignment-output.js'
import { enterInstance, getPermissionSet, requireAccount } from './find.js'
import { listPage } from './list-page.js'
import { accountArn, accountId, instanceArn, paging, permissionSetArn } from './shapes.js'

export const listAccountAssignments = defineOperation({
  name: 'ListAccountAssignments',
  access: 'read',
  action: 'sso:ListAccountAssignments',
  input: structure({
    InstanceArn: required(instanceArn),
    AccountId: required(accountId),
    PermissionSetArn: required(permissionSetArn),
    ...paging,
  }),
  resources: (input) => [input.InstanceArn, accountArn(input.AccountId), input.PermissionSetArn],
  handle(input, call) {
    enterInstance(call, input.InstanceArn)
    const tables = call.context.readable()
    requireAccount(tables, input.AccountId)
    const { arn } = getPermissionSet(tables, input.PermissionSetArn)
    const page = listPage(call.context, {
      rows: tables.assignments.by('pair', pairKey(input.AccountId, arn)),
      input,
      of: ['ListAccountAssignments', input.AccountId, arn],
    })
    return { AccountAssignments: page.rows.map(describeAssignment), NextToken: page.nextToken }
  },
})
