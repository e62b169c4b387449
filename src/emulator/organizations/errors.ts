/**
 * @module Errors of the service organizations. Codes and members are published; the words of the commonest are as
 * they were seen, the others are ours.
 */
import { AwsError } from '../aws/error.js'
import type { ConstraintKind, Violation } from '../aws/validate.js'

/** The reasons of InvalidInputException that the emulator has a use for. */
export type InvalidReason =
  | 'INPUT_REQUIRED'
  | 'INVALID_ENUM'
  | 'INVALID_NEXT_TOKEN'
  | 'INVALID_PATTERN'
  | 'MAX_LENGTH_EXCEEDED'
  | 'MAX_VALUE_EXCEEDED'
  | 'MIN_LENGTH_EXCEEDED'
  | 'MIN_VALUE_EXCEEDED'
  | 'UNRECOGNIZED_SERVICE_PRINCIPAL'

const words: Readonly<Record<InvalidReason, string>> = {
  INPUT_REQUIRED: 'You must provide a value for each required parameter.',
  INVALID_ENUM: 'You specified a value that is not one of those allowed.',
  INVALID_NEXT_TOKEN: 'You specified a NextToken that did not come from this list.',
  INVALID_PATTERN: 'You provided a value that does not match the required pattern.',
  MAX_LENGTH_EXCEEDED: 'You provided a value that is too long.',
  MAX_VALUE_EXCEEDED: 'You provided a number that is too large.',
  MIN_LENGTH_EXCEEDED: 'You provided a value that is too short.',
  MIN_VALUE_EXCEEDED: 'You provided a number that is too small.',
  UNRECOGNIZED_SERVICE_PRINCIPAL: 'You specified an unrecognized service principal.',
}

const reasons: Readonly<Record<ConstraintKind, InvalidReason>> = {
  required: 'INPUT_REQUIRED',
  'min-length': 'MIN_LENGTH_EXCEEDED',
  'max-length': 'MAX_LENGTH_EXCEEDED',
  'min-value': 'MIN_VALUE_EXCEEDED',
  'max-value': 'MAX_VALUE_EXCEEDED',
  enum: 'INVALID_ENUM',
  pattern: 'INVALID_PATTERN',
  union: 'INPUT_REQUIRED',
}

export function invalidInput(reason: InvalidReason): AwsError {
  return new AwsError('InvalidInputException', words[reason], 400, { Reason: reason })
}

/** This service tells one broken constraint at a time, by its kind. */
export function invalidConstraint([first]: readonly Violation[]): AwsError {
  return invalidInput(first === undefined ? 'INPUT_REQUIRED' : reasons[first.constraint])
}

export function accountNotFound(): AwsError {
  return new AwsError('AccountNotFoundException', "You specified an account that doesn't exist.")
}

export function unitNotFound(): AwsError {
  return new AwsError(
    'OrganizationalUnitNotFoundException',
    "You specified an organizational unit that doesn't exist.",
  )
}

export function parentNotFound(): AwsError {
  return new AwsError('ParentNotFoundException', "You specified parent that doesn't exist.")
}

export function childNotFound(): AwsError {
  return new AwsError('ChildNotFoundException', "You specified a child that doesn't exist.")
}

export function targetNotFound(): AwsError {
  return new AwsError('TargetNotFoundException', "You specified a target that doesn't exist.")
}

export function accessDenied(message = "You don't have permissions to access this resource."): AwsError {
  return new AwsError('AccessDeniedException', message)
}

export function notInUse(): AwsError {
  return new AwsError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.')
}
