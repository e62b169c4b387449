/**
 * @module What is under way, and the quotas that count it: what has been accepted will take its place, so it is
 * counted as if it had.
 */
import type { Call } from '../../aws/operation.js'
import { pairKey, tripleKey, type AssignmentRequest, type AssignmentTriple } from '../../state/assignment.js'
import { conflict, quotaExceeded, throttled } from '../errors.js'

/** Permission sets provisioned in one account (AWS's default quota). */
export const setsPerAccount = 500
/** Groups assigned with one permission set in one account; cannot be raised. */
export const groupsPerPair = 100

/** @throws AwsError `ConflictException` while a request about the same assignment is under way */
export function refuseOverlap({ context }: Call, triple: AssignmentTriple): void {
  if (context.state.tables.assignmentRequests.by('outstanding', tripleKey(triple)).size === 0) return
  throw conflict('There is a conflicting operation in process on this account assignment')
}

/** @throws AwsError of the code that `outstandingError` sets, where too many creations are under way */
export function refuseExcess({ context }: Call): void {
  const { outstandingAssignments, outstandingError } = context.settings
  if (outstandingCreations(context.state.tables).length < outstandingAssignments) return
  if (outstandingError === 'ThrottlingException') throw throttled()
  throw quotaExceeded(`The limit of ${outstandingAssignments} outstanding account assignments is reached`)
}

/** @throws AwsError `ServiceQuotaExceededException` */
export function refuseOverQuota({ context }: Call, triple: AssignmentTriple): void {
  const { tables } = context.state
  const { accountId, permissionSetArn } = triple
  const pair = pairKey(accountId, permissionSetArn)
  const underWay = outstandingCreations(tables).filter((request) => request.accountId === accountId)
  if (!tables.provisionedSets.has(pair)) {
    const coming = new Set(underWay.map((request) => pairKey(accountId, request.permissionSetArn)))
    const added = [...coming].filter((key) => key !== pair && !tables.provisionedSets.has(key)).length
    if (tables.provisionedSets.by('account', accountId).size + added >= setsPerAccount) {
      throw quotaExceeded(
        `The account ${accountId} has ${setsPerAccount} provisioned permission sets already`,
      )
    }
  }
  if (triple.principalType === 'USER' || tables.assignments.has(tripleKey(triple))) return
  const held = tables.assignments.by('pair', pair).rows()
  const coming = underWay.filter(
    (request) => request.permissionSetArn === permissionSetArn && !tables.assignments.has(tripleKey(request)),
  )
  const groups = [...held, ...coming].filter(({ principalType }) => principalType === 'GROUP').length
  if (groups >= groupsPerPair) {
    throw quotaExceeded(
      `${groupsPerPair} groups are assigned with this permission set in the account ${accountId} already`,
    )
  }
}

function outstandingCreations(tables: Call['context']['state']['tables']): readonly AssignmentRequest[] {
  return tables.assignmentRequests.by('outstandingOf', 'create').rows()
}
