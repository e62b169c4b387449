/**
 * @module The errors of sso-admin's shapes. AWS publishes their codes; the words are ours unless a comment says where
 * they were seen.
 */
import { AwsError } from '../aws/error.js'

export function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `${what} was not found`)
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message)
}

export function accessDenied(message: string): AwsError {
  return new AwsError('AccessDeniedException', message)
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

export function quotaExceeded(message: string): AwsError {
  return new AwsError('ServiceQuotaExceededException', message)
}

/** The words seen in public logs. */
export function throttled(): AwsError {
  return new AwsError(
    'ThrottlingException',
    'There are too many requests processing. Please try again later.',
  )
}
