/**
 * @module CreateAccountAssignment and DeleteAccountAssignment up to their answer: what can be refused at once is, the
 * rest is decided when the request ends (`finish.ts`). Decides by the tables of writes only.
 */
import { AwsError } from '../../aws/error.js'
import type { Call } from '../../aws/operation.js'
import { tripleKey, type AssignmentRequest, type AssignmentTriple } from '../../state/assignment.js'
import { requireMayAlter, requireMayTarget } from '../callers.js'
import { conflict, notFound } from '../errors.js'
import { enterInstance, getPermissionSet, requireAccount } from '../find.js'
import { forgetOldest } from '../request-log.js'
import { carryOut, hasPrincipal } from './finish.js'
import { refuseExcess, refuseOverlap, refuseOverQuota } from './outstanding.js'

/** A stopped clock ends no request: memory must not grow for ever. The limit of AWS is another, of creations only. */
const maxOutstanding = 10_000

export interface AssignmentInput {
  readonly InstanceArn: string
  readonly TargetId: string
  readonly PermissionSetArn: string
  readonly PrincipalType: 'USER' | 'GROUP'
  readonly PrincipalId: string
}

/** @throws AwsError for everything that AWS finds at once */
export function beginCreation(call: Call, input: AssignmentInput): AssignmentRequest {
  const triple = enter(call, input)
  requireMayAlter(call, triple.permissionSetArn)
  refuseOverlap(call, triple)
  const exists = call.context.state.tables.assignments.has(tripleKey(triple))
  if (exists && call.context.settings.duplicateAssignment === 'conflict') {
    throw conflict('The account assignment exists already')
  }
  refuseOverQuota(call, triple)
  refuseExcess(call)
  return begin(call, 'create', triple)
}

/** @throws AwsError for everything that AWS finds at once */
export function beginDeletion(call: Call, input: AssignmentInput): AssignmentRequest {
  const triple = enter(call, input)
  refuseOverlap(call, triple)
  const { settings, state } = call.context
  const exists = state.tables.assignments.has(tripleKey(triple))
  // The missing principal is the better reason, and seen at AWS as a failure of the request.
  if (!exists && hasPrincipal(call.context, triple) && settings.absentAssignment === 'not-found') {
    throw notFound('The account assignment')
  }
  return begin(call, 'delete', triple)
}

function enter(call: Call, input: AssignmentInput): AssignmentTriple {
  enterInstance(call, input.InstanceArn)
  const { tables } = call.context.state
  getPermissionSet(tables, input.PermissionSetArn)
  requireAccount(tables, input.TargetId)
  requireMayTarget(call, input.TargetId)
  return {
    principalType: input.PrincipalType,
    principalId: input.PrincipalId,
    accountId: input.TargetId,
    permissionSetArn: input.PermissionSetArn,
  }
}

function begin(call: Call, kind: AssignmentRequest['kind'], triple: AssignmentTriple): AssignmentRequest {
  const { context, now } = call
  if (context.state.schedule.size >= maxOutstanding) {
    const message = `the emulator holds at most ${maxOutstanding} requests that have not ended`
    throw new AwsError('NotEmulated', message, 501)
  }
  const request: AssignmentRequest = {
    ...triple,
    requestId: context.random.uuid(),
    kind,
    status: 'IN_PROGRESS',
    createdAt: now,
  }
  context.commit({ table: 'assignmentRequests', put: request })
  forgetOldest(context, 'assignmentRequests')
  context.state.schedule.add(now + context.settings.assignmentMs, () => {
    const failureReason = carryOut(call, request)
    context.commit({
      table: 'assignmentRequests',
      put:
        failureReason === undefined
          ? { ...request, status: 'SUCCEEDED' }
          : { ...request, status: 'FAILED', failureReason },
    })
  })
  return request
}
