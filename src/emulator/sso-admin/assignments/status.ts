/**
 * @module Assignment requests as answers: one whole, or a list in short.
 */
import { toSeconds, type Call, type Output } from '../../aws/operation.js'
import type { PageOf } from '../../aws/page.js'
import type { AssignmentRequest, RequestStatus } from '../../state/assignment.js'
import { notFound } from '../errors.js'
import { enterInstance } from '../find.js'
import { listPage } from '../list-page.js'

type Kind = AssignmentRequest['kind']

/** AccountAssignmentOperationStatus of the API. */
export function describeRequest(request: AssignmentRequest): Output {
  return {
    Status: request.status,
    RequestId: request.requestId,
    FailureReason: request.failureReason,
    TargetId: request.accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: request.permissionSetArn,
    PrincipalType: request.principalType,
    PrincipalId: request.principalId,
    CreatedDate: toSeconds(request.createdAt),
  }
}

/**
 * The request of an id that a write handed out. Its status does not lag: whoever polls has the id from this service.
 * @throws AwsError `ResourceNotFoundException`
 */
export function getRequest(
  call: Call,
  kind: Kind,
  instanceArn: string,
  requestId: string,
): AssignmentRequest {
  enterInstance(call, instanceArn)
  const found = call.context.state.tables.assignmentRequests.get(requestId)
  if (found?.kind !== kind) throw notFound(`The request ${requestId}`)
  return found
}

export interface StatusListInput {
  readonly InstanceArn: string
  readonly MaxResults?: number
  readonly NextToken?: string
  readonly Filter?: { readonly Status?: RequestStatus }
}

/** Oldest first; AWS documents no order. */
export function listRequests(
  call: Call,
  kind: Kind,
  operation: string,
  input: StatusListInput,
): PageOf<AssignmentRequest> {
  enterInstance(call, input.InstanceArn)
  const { assignmentRequests } = call.context.readable()
  const status = input.Filter?.Status
  return listPage(call.context, {
    rows: assignmentRequests.by(status === 'IN_PROGRESS' ? 'outstandingOf' : 'kind', kind),
    ...(status !== undefined && { keep: (request) => request.status === status }),
    input,
    of: [operation, input.InstanceArn, status],
  })
}
