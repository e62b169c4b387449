/**
 * @module Refusals of the emulator's own making: control calls with bad input, operations that are not built,
 * organisation files that do not hold together. Failures that AWS shows to a person are not errors of this kind;
 * they live in `saml-sp/messages.ts`.
 */

export class EmulatorError extends Error {
  override readonly name = 'EmulatorError'
  /** HTTP status of the answer. */
  readonly status: number
  /** Stable word for programs, such as `NOT_EMULATED`. */
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** The answer to everything that is not built: loud, never a plausible success. */
export function notEmulated(what: string): EmulatorError {
  return new EmulatorError(501, 'NOT_EMULATED', `${what} is not built in this emulator`)
}

/** Input of a control call or of a file that cannot be used; the message says where and why. */
export function invalidInput(message: string): EmulatorError {
  return new EmulatorError(400, 'INVALID_INPUT', message)
}
