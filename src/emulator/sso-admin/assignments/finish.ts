/**
 * @module The end of an assignment request: what has become impossible meanwhile fails with the reason that AWS gives,
 * the rest is carried out.
 */
import type { Call } from '../../aws/operation.js'
import type { EmulatorContext } from '../../context.js'
import { pairKey, tripleKey, type AssignmentRequest, type AssignmentTriple } from '../../state/assignment.js'
import { addAssignment, newRoleSuffix, removeAssignment } from './materialise.js'
import { findMissingRight, type RoleWork } from './owner-rights.js'

/** Whether the user or group of an assignment exists. */
export function hasPrincipal({ state }: EmulatorContext, triple: AssignmentTriple): boolean {
  const { users, groups } = state.tables
  return (triple.principalType === 'USER' ? users : groups).has(triple.principalId)
}

/** Carries out a request of `call`, or answers why it fails; a request that fails changes nothing. */
export function carryOut(call: Call, request: AssignmentRequest): string | undefined {
  const { context } = call
  const { accountId, permissionSetArn, principalType, principalId } = request
  const { tables, instance } = context.state
  if (!hasPrincipal(context, request)) {
    return `Received a 404 status error: the ${principalType} assignee ${principalId} was not found in directory ${instance.identityStoreId}`
  }
  const permissionSet = tables.permissionSets.get(permissionSetArn)
  // DeletePermissionSet refuses while a creation is under way; a deletion then has nothing left to remove.
  if (permissionSet === undefined) return undefined
  const provisioned = tables.provisionedSets.get(pairKey(accountId, permissionSetArn))
  const roleSuffix = provisioned?.roleSuffix ?? newRoleSuffix(context)
  const work =
    request.kind === 'create'
      ? workOfCreation(provisioned?.version, permissionSet.version)
      : workOfDeletion(context, request)
  const owner = { accountId, permissionSetName: permissionSet.name, roleSuffix, work }
  const missing = findMissingRight(call, owner)
  if (missing !== undefined) return missing
  if (request.kind === 'create') addAssignment(context, request, permissionSet, roleSuffix)
  else removeAssignment(context, request)
  return undefined
}

function workOfCreation(provisioned: number | undefined, newest: number): RoleWork {
  if (provisioned === undefined) return 'create'
  return provisioned === newest ? 'read' : 'update'
}

function workOfDeletion({ state }: EmulatorContext, triple: AssignmentTriple): RoleWork {
  const { assignments } = state.tables
  if (!assignments.has(tripleKey(triple))) return 'nothing'
  const pair = pairKey(triple.accountId, triple.permissionSetArn)
  return assignments.by('pair', pair).size === 1 ? 'delete' : 'nothing'
}
