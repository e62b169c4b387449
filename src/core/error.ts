/**
 * @module The one error class of Gatehouse and the closed list of its codes. The message is for people (what is
 * wrong, where, how to mend it), the code for programs, the details for logs. Expected outcomes that a caller
 * must handle are return values, not errors. `http/error-handler.ts` and `cli/exit.ts` turn errors into answers.
 */

/** Code and HTTP status of every error that Gatehouse raises on purpose. */
export const errorCodes = {
  INVALID_INPUT: 400,
  INVALID_CONFIG: 500,
  INVALID_RESOURCE: 400,
  INVALID_MATCHER: 400,
  INVALID_TEMPLATE: 400,
  INVALID_EXPRESSION: 400,
  INVALID_METADATA: 400,
  INVALID_SAML_REQUEST: 400,
  INVALID_SAML_RESPONSE: 400,
  INVALID_SCIM: 400,
  UNKNOWN_SERVICE_PROVIDER: 400,
  SAML_REQUEST_ANSWERED: 409,
  SAML_REQUEST_GONE: 410,
  SAML_RESPONSE_TOO_LARGE: 500,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  REVISION_MISMATCH: 412,
  REVISION_REQUIRED: 428,
  RESERVED_NAME: 409,
  CONFLICT: 409,
  PLAN_CHANGED: 409,
  STILL_IN_USE: 409,
  MANAGED_ELSEWHERE: 409,
  REVIEW_OVERDUE: 409,
  REVIEW_INCOMPLETE: 409,
  REVIEW_CHANGED: 409,
  REVIEW_FINISHED: 409,
  LIST_CYCLE: 422,
  LIST_TOO_DEEP: 422,
  LIST_FULL: 422,
  BACKUP_REFUSED: 400,
  AWS_REFUSED: 502,
  AWS_UNREACHABLE: 502,
  SYSTEM_RESOURCE: 409,
  LOCKED: 403,
  KEY_PHASE: 409,
  LAST_ADMINISTRATOR: 409,
  NOT_SIGNED_IN: 401,
  SIGN_IN_FAILED: 401,
  TOO_MANY_ATTEMPTS: 429,
  CONNECTOR_REFUSED: 403,
  CONNECTOR_FAILED: 502,
  CONNECTOR_SIGN_IN_GONE: 410,
  CSRF: 403,
  FORBIDDEN: 403,
  REQUEST_NOT_ALLOWED: 403,
  DIRECTORY_REFUSED: 403,
  LINK_INVALID: 410,
  WEAK_PASSWORD: 400,
  SECOND_FACTOR_REQUIRED: 403,
  SECOND_FACTOR_INVALID: 401,
  SECOND_FACTOR_MISSING: 403,
  LAST_SECOND_FACTOR: 409,
  SESSION_MFA_REQUIRED: 403,
  SESSION_MFA_UNSUPPORTED: 403,
  MFA_PROOF_INVALID: 403,
  FACTOR_NOT_ALLOWED: 403,
  PASSKEY_REFUSED: 400,
  DEVICE_REFUSED: 403,
  DEVICE_TOKEN_INVALID: 410,
  DEVICE_REQUEST_GONE: 410,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  MASTER_KEY_MISSING: 500,
  UNSEAL_FAILED: 500,
  MIGRATION_FAILED: 500,
  UNAVAILABLE: 503,
  DIRECTORY_HELD: 503,
  INTERNAL: 500,
} as const

export type ErrorCode = keyof typeof errorCodes

export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options)
    this.code = code
    this.details = details
  }

  /** The HTTP status that this code answers with (RFC 9110 §15). */
  get status(): number {
    return errorCodes[this.code]
  }
}

/** Whether `error` is a GatewayError with this code. */
export function isCode(error: unknown, code: ErrorCode): error is GatewayError {
  return error instanceof GatewayError && error.code === code
}

/** Closes an exhaustive switch: reached only if a case was forgotten. */
export function assertNever(value: never): never {
  throw new GatewayError('INTERNAL', `unhandled case: ${JSON.stringify(value)}`)
}
