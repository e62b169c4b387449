/**
 * @module Errors of the AWS services: a code, an HTTP status, a message, and members that some shapes carry beside it.
 */

export class AwsError extends Error {
  override readonly name = 'AwsError'
  /** Name of the error shape, or the code of the Query protocol, such as `NoSuchEntity`. */
  readonly code: string
  /** HTTP status; 400 for every modelled client error of the JSON protocol. */
  readonly status: number
  /** Members of the error shape besides its message. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.code = code
    this.status = status
    this.members = members
  }
}
