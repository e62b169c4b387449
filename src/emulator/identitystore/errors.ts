/**
 * @module Errors of the service identitystore, and the directory's refusals in its words.
 */
import { AwsError } from '../aws/error.js'
import type { DirectoryProblem, DirectoryResult } from '../directory/result.js'

export type ResourceType = 'USER' | 'GROUP' | 'GROUP_MEMBERSHIP' | 'IDENTITY_STORE'

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

export function invalidToken(): AwsError {
  return invalid('NextToken is not valid')
}

/** `id` is left out where the caller looked for something else than an id. */
export function notFound(type: ResourceType, id?: string): AwsError {
  return new AwsError('ResourceNotFoundException', `${type} not found.`, 400, {
    ResourceType: type,
    ...(id !== undefined && { ResourceId: id }),
  })
}

/** The row that a change came to. @throws AwsError where it was refused */
export function unwrap<Row>(result: DirectoryResult<Row>): Row {
  if (!result.ok) throw problemError(result.problem)
  return result.row
}

const duplicates = {
  userName: 'Duplicate UserName',
  email: 'Duplicate Email',
  externalId: 'Duplicate ExternalId',
  displayName: 'Duplicate DisplayName',
} as const

const absents = { user: 'USER', group: 'GROUP', membership: 'GROUP_MEMBERSHIP' } as const

function problemError(problem: DirectoryProblem): AwsError {
  switch (problem.kind) {
    case 'duplicate':
      return conflict(duplicates[problem.attribute])
    case 'member-present':
      return conflict('Member and Group relationship already exists')
    case 'absent':
      return notFound(absents[problem.resource], problem.id)
    case 'member-absent':
      return notFound('GROUP_MEMBERSHIP')
    case 'reserved-name':
      return invalid(`${problem.name} is a reserved name`)
    case 'quota':
      return new AwsError(
        'ServiceQuotaExceededException',
        `The limit of ${problem.limit} ${problem.resource} of the identity store is reached`,
      )
  }
}

function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, 400, { Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' })
}

/** The errors of the service's own model; those of AWS's framework carry no `RequestId`. */
const modelled = new Set([
  'AccessDeniedException',
  'ConflictException',
  'InternalServerException',
  'ResourceNotFoundException',
  'ServiceQuotaExceededException',
  'ThrottlingException',
  'ValidationException',
])

export function withRequestId(error: AwsError, requestId: string): AwsError {
  if (!modelled.has(error.code)) return error
  return new AwsError(error.code, error.message, error.status, { ...error.members, RequestId: requestId })
}
