/**
 * @module What the SDK throws, as one of the few failures by which we act. By the name of the exception first, then by
 * the status; what is not understood counts as an unknown outcome, so that it is read again and never assumed.
 */
import { AwsCallError, type AwsFailure, type AwsService } from '../core/governor/call.js'
import { wordsOfRefusal } from '../core/governor/error-words.js'

/** Names of exceptions and Query codes that mean one thing wherever they occur; `specs` of AWS's service models. */
const failures: Readonly<Record<string, AwsFailure>> = {
  RequestLimitExceeded: 'throttled',
  Throttling: 'throttled',
  TooManyRequestsException: 'throttled',
  SlowDown: 'throttled',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  AccessDeniedForDependencyException: 'denied',
  UnauthorizedOperation: 'denied',
  AuthFailure: 'unauthorized',
  CredentialsProviderError: 'unauthorized',
  ExpiredToken: 'unauthorized',
  ExpiredTokenException: 'unauthorized',
  IDPRejectedClaim: 'unauthorized',
  IDPRejectedClaimException: 'unauthorized',
  IncompleteSignature: 'unauthorized',
  IncompleteSignatureException: 'unauthorized',
  InvalidClientTokenId: 'unauthorized',
  InvalidIdentityToken: 'unauthorized',
  InvalidIdentityTokenException: 'unauthorized',
  InvalidSignatureException: 'unauthorized',
  MissingAuthenticationToken: 'unauthorized',
  MissingAuthenticationTokenException: 'unauthorized',
  OptInRequired: 'unauthorized',
  RegionDisabledException: 'unauthorized',
  RequestExpired: 'unauthorized',
  SignatureDoesNotMatch: 'unauthorized',
  TokenProviderError: 'unauthorized',
  UnrecognizedClientException: 'unauthorized',
  AccountNotFoundException: 'not_found',
  NoSuchEntity: 'not_found',
  NoSuchEntityException: 'not_found',
  OrganizationalUnitNotFoundException: 'not_found',
  ParentNotFoundException: 'not_found',
  ResourceNotFoundException: 'not_found',
  TargetNotFoundException: 'not_found',
  EntityAlreadyExists: 'already_exists',
  EntityAlreadyExistsException: 'already_exists',
  ConcurrentModificationException: 'conflict',
  ConflictException: 'conflict',
  LimitExceeded: 'quota',
  LimitExceededException: 'quota',
  ServiceQuotaExceededException: 'quota',
  IDPCommunicationError: 'unknown_outcome',
  IDPCommunicationErrorException: 'unknown_outcome',
}

/** Members that exceptions of the SDK may carry; all of them come from outside. */
interface Members {
  readonly name?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly Reason?: unknown
  readonly RetryAfterSeconds?: unknown
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly requestId?: unknown }
}

/** Makes what a call threw an `AwsCallError`; one that is so already is answered as it is. */
export function asAwsCallError(error: unknown, service: AwsService, operation: string): AwsCallError {
  if (error instanceof AwsCallError) return error
  // Only known members are read, and each is checked: the shape of what is thrown is not promised.
  const members: Members = typeof error === 'object' && error !== null ? error : {}
  const status = members.$metadata?.httpStatusCode
  const name = nameOf(members)
  const seconds = Number(members.RetryAfterSeconds)
  return new AwsCallError({
    failure: failureOf(name, typeof status === 'number' ? status : undefined, members.Reason),
    service,
    operation,
    awsCode: name,
    message: `${service} ${operation}: ${wordsOfRefusal(members.message, name)}`,
    requestId: requestIdOf(members),
    retryAfterMs: seconds > 0 && seconds <= 3600 ? seconds * 1000 : undefined,
  })
}

/** Whether AWS refused because the credentials have ended: new ones may do. */
export function isExpired(error: unknown): boolean {
  return (
    error instanceof AwsCallError &&
    ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'].includes(error.awsCode)
  )
}

/** Whether a policy refused: other calls may be allowed. */
export function isDenied(error: unknown): error is AwsCallError {
  return error instanceof AwsCallError && error.failure === 'denied'
}

/** An answer that does not have the form that AWS's model promises. */
export function badAnswer(service: AwsService, operation: string, what: string): AwsCallError {
  return new AwsCallError({
    failure: 'invalid',
    service,
    operation,
    awsCode: 'InvalidAnswer',
    message: `${service} ${operation}: the answer of AWS has ${what}`,
  })
}

function failureOf(name: string, status: number | undefined, reason: unknown): AwsFailure {
  if (name === 'ConflictException' && reason === 'UNIQUENESS_CONSTRAINT_VIOLATION') return 'already_exists'
  const known = Object.hasOwn(failures, name) ? failures[name] : undefined
  if (known !== undefined) return known
  if (/^Throttl/.test(name) || status === 429) return 'throttled'
  if (status === undefined || status >= 500 || status < 400) return 'unknown_outcome'
  // A body that could not be read: what happened is not known, whatever the status.
  if (name === 'SyntaxError' || name === 'TimeoutError') return 'unknown_outcome'
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'denied'
  return 'invalid'
}

function nameOf({ name, code }: Members): string {
  // The SDK calls a broken connection a time out, and leaves the code of Node's that tells them apart.
  if (code === 'ECONNRESET' || code === 'EPIPE') return code
  // Others are plain errors with a code of Node's.
  const text = name === 'Error' && typeof code === 'string' ? code : name
  return typeof text === 'string' && /^[A-Za-z][\w.:-]{0,79}$/.test(text) ? text : 'Unknown'
}

function requestIdOf({ $metadata }: Members): string | undefined {
  const id = $metadata?.requestId
  return typeof id === 'string' && /^[\w-]{1,80}$/.test(id) ? id : undefined
}
