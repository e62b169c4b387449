/**
 * @module An assignment as both lists tell it.
 */
import type { Output } from '../../aws/operation.js'
import type { AssignmentTriple } from '../../state/assignment.js'

/** AccountAssignment and AccountAssignmentForPrincipal of the API. */
export function describeAssignment(triple: AssignmentTriple): Output {
  return {
    AccountId: triple.accountId,
    PermissionSetArn: triple.permissionSetArn,
    PrincipalType: triple.principalType,
    PrincipalId: triple.principalId,
  }
}
