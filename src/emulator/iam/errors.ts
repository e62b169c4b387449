/**
 * @module Errors of iam, with the HTTP status that is published for each code.
 */
import { AwsError } from '../aws/error.js'

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message)
}

export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInput', message)
}

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, 404)
}

export function entityAlreadyExists(message: string): AwsError {
  return new AwsError('EntityAlreadyExists', message, 409)
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, 409)
}

/** A quota by its name and size, as IAM words it. */
export function quotaExceeded(quota: string, size: number): AwsError {
  return new AwsError('LimitExceeded', `Cannot exceed quota for ${quota}: ${size}`, 409)
}

/** What AWS would do and the emulator does not: said aloud, never a plausible success. */
export function notEmulated(what: string): AwsError {
  return new AwsError('NotEmulated', `${what} is not built in this emulator`, 501)
}
