/**
 * @module ListAccountAssignmentsForPrincipal: what a user or group holds. A user's list has what the user holds through
 * groups as well; those rows name the group.
 */
import { defineOperation } from '../aws/operation.js'
import { optional, required, structure } from '../aws/shape.js'
import type { AccountAssignment } from '../state/assignment.js'
import { describeAssignment } from './assignments/assignment-output.js'
import { assignmentsOfPrincipal } from './assignments/of-principal.js'
import { requireManagementAccount } from './callers.js'
import { enterInstance } from './find.js'
import { listPage } from './list-page.js'
import { accountId, instanceArn, paging, principalId, principalType } from './shapes.js'

export const listAccountAssignmentsForPrincipal = defineOperation({
  name: 'ListAccountAssignmentsForPrincipal',
  access: 'read',
  action: 'sso:ListAccountAssignmentsForPrincipal',
  input: structure({
    InstanceArn: required(instanceArn),
    PrincipalId: required(principalId),
    PrincipalType: required(principalType),
    Filter: optional(structure({ AccountId: optional(accountId) })),
    ...paging,
  }),
  resources: (input) => [input.InstanceArn],
  handle(input, call) {
    requireManagementAccount(call, 'ListAccountAssignmentsForPrincipal')
    enterInstance(call, input.InstanceArn)
    const { PrincipalType: type, PrincipalId: id } = input
    const account = input.Filter?.AccountId
    const rows = assignmentsOfPrincipal(call.context.readable(), type, id)
    const page = listPage(call.context, {
      rows,
      ...(account !== undefined && { keep: (row: AccountAssignment) => row.accountId === account }),
      input,
      of: ['ListAccountAssignmentsForPrincipal', type, id, account],
    })
    return { AccountAssignments: page.rows.map(describeAssignment), NextToken: page.nextToken }
  },
})
